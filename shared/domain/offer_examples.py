"""An invented offer to begin with: `baton offer example`, the page *Offers*, the documents and the tests show it."""

from __future__ import annotations

EXAMPLE = """\
name: Websites and care
text: Websites for practices and small firms, and looking after them
currency: EUR
vat_rate: 19
packages:
  - id: website
    name: Website
    text: A website that loads fast, reads well on a phone and can be changed by you
    includes: [Design in your colours, Texts edited by us, Booking form]
    unit: page
    price: 450.00
    floor: 360.00
    least: 4
    hours: 5
  - id: care
    name: Care plan
    text: We keep the website up to date, watch it and answer within a working day
    billing: monthly
    unit: month
    price: 180.00
    floor: 150.00
    hours: 2
addons:
  - id: photos
    name: Photographs
    text: Half a day with a photographer at your place
    unit: half day
    price: 600.00
    floor: 550.00
    hours: 6
    goes_with: [website]
complexities:
  - {id: shop, name: with a shop, factor: 1.4}
  - {id: languages, name: in two languages, factor: 1.25}
discounts:
  - {name: Returning client, percent: 5}
trades:
  - {id: advance, name: Paid in advance, percent: 5, in_return: the whole sum is paid before we begin}
  - {id: reference, name: May be shown, percent: 3, in_return: we may show the work with your name}
rates:
  CHF: {rate: 0.95, date: 2026-11-20, source: European Central Bank}
own_floor: 40.00
smallest: 1500.00
hours_a_month: 120
terms: |
  Half is paid when we begin, half when the website is handed over. Monthly sums are paid at the beginning of a month.
"""
