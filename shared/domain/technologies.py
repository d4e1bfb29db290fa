"""What a site is made with, by what it shows to everybody: its generator, and addresses of scripts and styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.site import Page

MARKERS: Mapping[str, Sequence[str]] = {
    "WordPress": ("/wp-content/", "/wp-includes/"),
    "WooCommerce": ("/plugins/woocommerce/",),
    "Elementor": ("/plugins/elementor/",),
    "Shopify": ("cdn.shopify.com", ".myshopify.com"),
    "Wix": ("static.wixstatic.com", "static.parastorage.com"),
    "Squarespace": ("static1.squarespace.com", "assets.squarespace.com"),
    "Webflow": ("assets.website-files.com", "cdn.prod.website-files.com"),
    "Jimdo": ("assets.jimstatic.com", "jimcdn.com"),
    "TYPO3": ("/typo3conf/", "/typo3temp/"),
    "Drupal": ("/sites/default/files/", "/core/misc/drupal"),
    "Joomla": ("/media/jui/", "/media/system/js/"),
    "Shopware": ("/bundles/storefront/",),
    "Magento": ("/static/frontend/magento", "/skin/frontend/"),
    "PrestaShop": ("/modules/ps_",),
    "Google Analytics": ("google-analytics.com", "googletagmanager.com/gtag"),
    "Google Tag Manager": ("googletagmanager.com/gtm",),
    "Matomo": ("matomo.js", "piwik.js"),
    "HubSpot": ("js.hs-scripts.com", "js.hsforms.net"),
    "Mailchimp": ("list-manage.com", "chimpstatic.com"),
    "Calendly": ("assets.calendly.com",),
    "Doctolib": ("doctolib.",),
    "Stripe": ("js.stripe.com",),
    "jQuery": ("jquery",),
    "Bootstrap": ("bootstrap.min", "bootstrap.css", "bootstrap.bundle"),
}
"""Name -> parts of addresses that nothing else has."""
SHOPS = frozenset({"WooCommerce", "Shopify", "Shopware", "Magento", "PrestaShop"})
BOOKING = frozenset({"Calendly", "Doctolib"})


def technologies(pages: Sequence[Page]) -> dict[str, str]:
    """Each that shows, and what showed it."""
    found: dict[str, str] = {}
    for page in pages:
        if page.generator:
            found.setdefault(page.generator.split()[0].strip(";,")[:40], f'generator "{page.generator}"')
        for marker in page.markers:
            for name, parts in MARKERS.items():
                if name not in found and any(part in marker for part in parts):
                    found[name] = marker[:120]
    return dict(sorted(found.items()))
