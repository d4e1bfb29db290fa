"""Deadlines of cases by a table of rules. SAMPLE RULES, NOT LEGAL ADVICE.

Reads from standard input {"as_of": "YYYY-MM-DD", "near_days": n}; from its folder cases.jsonl (one case a line, dates
as YYYY-MM-DD), rules.csv, holidays.csv; writes deadlines.jsonl in the same order, and counts to outputs.json.

A case has jurisdiction, claim_type, accrual_date, and perhaps discovery_date and tolling, a text such as
`absence 2020-01-01..2020-03-31|minority 2021-05-01..`. What it has beside these stays with it.

How a deadline comes about, in this order; each step is printed with the case:
1. rule      the one of this jurisdiction and kind of claim that was valid on the accrual date
2. start     the accrual date; under a discovery rule the later date of discovery
3. period    the same day, so many years or months later; where the month has no such day, its last
4. tolling   days that a tolling period of an admitted kind covers, after the start and up to the end, each counted
             once; they are added to the end, and what the longer time covers in turn is added, too
5. repose    never later than so many years after accrual; tolling does not move this
6. roll-over from a Saturday, a Sunday or a holiday to the next day that is none
"""

import calendar
import csv
import hashlib
import json
import re
import sys
from datetime import date, timedelta

DAY = timedelta(days=1)
PERIOD = re.compile(r"([a-z]+) (\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)?", re.ASCII)
CENTURY = 36525 * DAY
WEEKDAYS = [name.lower() for name in calendar.day_name]


def main():
    told = json.load(sys.stdin)
    as_of, near = date.fromisoformat(told["as_of"]), int(told["near_days"])
    rules, holidays = Rules("rules.csv"), Holidays("holidays.csv")
    counts = {}
    with open("cases.jsonl", encoding="utf-8") as cases, open("deadlines.jsonl", "w", encoding="utf-8") as out:
        for number, line in enumerate(cases, 1):
            found = deadline(json.loads(line), rules, holidays, as_of, near)
            counts[found["status"]] = counts.get(found["status"], 0) + 1
            out.write(json.dumps(found, ensure_ascii=False) + "\n")
            if number % 500 == 0:
                print(f"::progress {number}", flush=True)
    with open("outputs.json", "w", encoding="utf-8") as out:
        json.dump({"counts": counts, "rules": rules.digest}, out)


def deadline(case, rules, holidays, as_of, near):
    """One case with its deadline, or with the reason why there is none."""
    accrual = date.fromisoformat(case["accrual_date"])
    found = dict(case)
    rule = rules.of(case["jurisdiction"], case["claim_type"], accrual)
    if rule is None:
        return {**found, "status": "no_rule", "how": "there is no rule for this jurisdiction, kind of claim and date"}
    try:
        periods = periods_of(case.get("tolling") or "")
    except ValueError as error:
        return {**found, "status": "unclear", "how": f"tolling: {error}"}
    start, why = start_of(case, rule, accrual)
    base = later(start, rule["period"])
    tolled, running = tolling(periods, rule, start, base, as_of)
    end = base + tolled * DAY
    repose = later(accrual, f"{rule['repose_years']}y") if rule["repose_years"] else None
    cut = repose is not None and repose < end
    before = repose if cut else end
    final, rolled = holidays.next_open(before, case["jurisdiction"]) if rule["roll_over"] == "yes" else (before, "")
    return {
        **found,
        "rule_id": rule["rule_id"],
        "rule_version": rule["version"],
        "start_date": start.isoformat(),
        "started_by": why,
        "period": rule["period"],
        "period_end": base.isoformat(),
        "tolling_days": tolled,
        "repose_end": repose.isoformat() if repose else None,
        "rolled_over": rolled,
        "deadline": final.isoformat(),
        "days_left": (final - as_of).days,
        "status": status(final, as_of, near, running),
        "how": how(rule, start, why, base, tolled, repose if cut else None, rolled, final),
    }


def start_of(case, rule, accrual):
    discovered = case.get("discovery_date")
    if rule["starts"] == "discovery" and discovered and date.fromisoformat(discovered) > accrual:
        return date.fromisoformat(discovered), "discovery"
    return accrual, "accrual"


def later(day, period):
    """So many years (2y) or months (30m) later."""
    amount, unit = int(period[:-1]), period[-1]
    months = day.year * 12 + day.month - 1 + (amount * 12 if unit == "y" else amount)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def periods_of(text):
    """`absence 2020-01-01..2020-03-31|minority 2021-05-01..` as (kind, first day, last day or None)."""
    found = []
    for each in filter(None, text.split("|")):
        said = PERIOD.fullmatch(each.strip())
        if said is None:
            raise ValueError(f"{each[:60]!r} is no period such as 'absence 2020-01-01..2020-03-31'")
        kind, first, last = said[1], date.fromisoformat(said[2]), date.fromisoformat(said[3]) if said[3] else None
        if last and last < first:
            raise ValueError(f"{each.strip()!r} ends before it begins")
        found.append((kind, first, last))
    return found


def tolling(periods, rule, start, base, as_of):
    """How many days, and whether one of the periods has no end yet (then it is counted up to `as_of`)."""
    admitted = set(rule["tolling"].split(";"))
    covered, running = set(), False
    for kind, first, last in periods:
        if kind not in admitted:
            continue
        running = running or last is None
        first, last = max(first, start + DAY), min(last or as_of, base + CENTURY)
        covered.update(first.toordinal() + n for n in range((last - first).days + 1))
    days, counted = sorted(covered), 0
    while counted < len(days) and days[counted] <= base.toordinal() + counted:
        counted += 1
    return counted, running and counted > 0


def status(final, as_of, near, running):
    if running:
        return "tolled"
    if final < as_of:
        return "expired"
    return "near" if (final - as_of).days <= near else "open"


def how(rule, start, why, base, tolled, repose, rolled, final):
    """In words, so that somebody can do it again."""
    said = [f"{rule['rule_id']} v{rule['version']}: {rule['period']} from {why} {start} = {base}"]
    if tolled:
        said.append(f"+ {tolled} days of tolling = {base + tolled * DAY}")
    if repose:
        said.append(f"not later than {rule['repose_years']} years after accrual = {repose}")
    if rolled:
        said.append(f"{rolled} = {final}")
    return "; ".join(said)


class Rules:
    """The table; of several versions the one counts that was valid on the accrual date (from, not to)."""

    def __init__(self, name):
        with open(name, encoding="utf-8", newline="") as file:
            text = file.read()
        self.rows = list(csv.DictReader(text.splitlines()))
        self.digest = hashlib.sha256(text.encode()).hexdigest()

    def of(self, jurisdiction, claim, accrual):
        for row in self.rows:
            if (row["jurisdiction"], row["claim_type"]) != (jurisdiction, claim):
                continue
            begins = not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= accrual
            if begins and (not row["valid_to"] or accrual < date.fromisoformat(row["valid_to"])):
                return row
        return None


class Holidays:
    """Days on which no court is open: those of every jurisdiction (`*`) and its own. A fixed day on a Sunday is kept on
    Monday, on a Saturday on Friday."""

    def __init__(self, name):
        with open(name, encoding="utf-8", newline="") as file:
            self.rules = list(csv.DictReader(file))
        self.known = {}

    def next_open(self, day, jurisdiction):
        """The day itself or the next one that is open, and what was in the way."""
        passed = []
        while (why := self.closed(day, jurisdiction)) is not None:
            passed.append(f"{day} is {why}")
            day += DAY
        return day, ", ".join(passed)

    def closed(self, day, jurisdiction):
        if day.weekday() >= 5:
            return "a " + calendar.day_name[day.weekday()]
        return self.of(day.year, jurisdiction).get(day)

    def of(self, year, jurisdiction):
        if (year, jurisdiction) not in self.known:
            rules = [each for each in self.rules if each["jurisdiction"] in ("*", jurisdiction)]
            # New Year's Day of the next year is kept on 31 December if it is a Saturday.
            pairs = [(kept(each["rule"], y), each["name"]) for y in (year, year + 1) for each in rules]
            self.known[(year, jurisdiction)] = {day: name for day, name in pairs if day and day.year == year}
        return self.known[(year, jurisdiction)]


def kept(rule, year):
    kind, month, *rest = rule.split()
    month = int(month)
    if kind == "fixed":
        if "from" in rest and year < int(rest[-1]):
            return None
        day = date(year, month, int(rest[0]))
        return day + {5: -DAY, 6: DAY}.get(day.weekday(), 0 * DAY)
    weekday = WEEKDAYS.index(rest[0])
    if kind == "last":
        day = date(year, month, calendar.monthrange(year, month)[1])
        return day - ((day.weekday() - weekday) % 7) * DAY
    first = date(year, month, 1)
    nth = first + ((weekday - first.weekday()) % 7 + 7 * (int(rest[1]) - 1)) * DAY
    return nth + DAY if kind == "after" else nth


if __name__ == "__main__":
    main()
