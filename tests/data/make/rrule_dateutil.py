#!/usr/bin/env python3
"""Makes tests/data/rrule_dateutil.tsv: recurrence rules made at random, expanded by python-dateutil in naive
wall time and read in their zone by Python's zoneinfo with fold=0, which is rule A1 of TIME.md (a skipped
time with the offset before the gap, a time that happens twice at its first pass). Usage:
    tests/data/make/rrule_dateutil.py > tests/data/rrule_dateutil.tsv

rule  dtstart  zone  exdate  rdate  runs  far  run
runs: up to 6 instants, the first in epoch seconds, each next as seconds after the one before; `-` is the
end. run: the first instant after `far`, as seconds after it. An absent exdate or rdate is empty.

Where dateutil leaves RFC 5545 the rule is put to it in other words (correct(), the patched week numbers).
Sub-daily rules are in UTC only: dateutil steps them on the wall clock, R2 in elapsed time."""
import datetime as dt, random, signal, sys, zoneinfo
import dateutil, dateutil.rrule as du

SEED, ROWS, RUNS = 20250309, 7000, 6
DIR = "/usr/share/zoneinfo"
zoneinfo.reset_tzpath([DIR])
rnd = random.Random(SEED)
UTC = dt.timezone.utc
EPOCH = dt.datetime(1970, 1, 1)
DAY = 86400
END = dt.datetime(2200, 1, 1)
FREQS = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ZONES = """UTC America/New_York Europe/Berlin Australia/Lord_Howe Pacific/Apia America/Santiago Asia/Kolkata
Europe/Dublin Africa/Cairo America/Nuuk Pacific/Chatham Antarctica/Troll Africa/Casablanca Asia/Tokyo
America/Havana Australia/Sydney""".split()

# ---- dateutil's week numbers: it forgets that the last days of December can be week -52 or -53 of the
# next year, and takes this year's length for last year's. A day's week is counted in the week's own year.

def week_of(day, wkst):
    """(number of the week, number of weeks of its year), weeks beginning on wkst, 4 days in the year."""
    def first(year):
        jan4 = dt.date(year, 1, 4)
        return jan4 - dt.timedelta(days=(jan4.weekday() - wkst) % 7)
    monday = day - dt.timedelta(days=(day.weekday() - wkst) % 7)
    year = (monday + dt.timedelta(days=3)).year
    return (monday - first(year)).days // 7 + 1, (first(year + 1) - first(year)).days // 7

plain_rebuild = du._iterinfo.rebuild

def rebuild(self, year, month):
    fresh = year != self.lastyear
    plain_rebuild(self, year, month)
    if fresh and self.rrule._byweekno:
        for i in range(self.yearlen):
            n, weeks = week_of(dt.date(year, 1, 1) + dt.timedelta(days=i), self.rrule._wkst)
            self.wnomask[i] = n in self.rrule._byweekno or n - weeks - 1 in self.rrule._byweekno

du._iterinfo.rebuild = rebuild

# ---- the oracle ----

def correct(rule, start):
    """The rule as dateutil has to be asked. Also says whether DTSTART was moved."""
    args = {"interval": rule.get("INTERVAL", 1), "wkst": rule.get("WKST", 0)}
    names = {"BYMONTH": "bymonth", "BYMONTHDAY": "bymonthday", "BYYEARDAY": "byyearday", "BYWEEKNO": "byweekno",
             "BYHOUR": "byhour", "BYMINUTE": "byminute", "BYSECOND": "bysecond", "BYSETPOS": "bysetpos"}
    for part, name in names.items():
        if part in rule:
            args[name] = rule[part]
    days = list(rule.get("BYDAY", []))
    if any(n for n, _ in days) and any(not n for n, _ in days):
        # dateutil intersects the plain and the numbered days of one list; RFC 5545 adds them up.
        most = 5 if rule["FREQ"] == "MONTHLY" or "BYMONTH" in rule else 53
        days = [(n, d) for n, d in days if n] + [(k, d) for n, d in days if not n for k in range(1, most + 1)]
    if "BYWEEKNO" in rule and not any(p in rule for p in ("BYDAY", "BYMONTHDAY", "BYYEARDAY")):
        days = [(0, start.weekday())]  # dateutil: all seven days; RFC 5545: what is missing is DTSTART's
    moved = False
    if rule["FREQ"] == "WEEKLY" and "BYSETPOS" in rule:
        # dateutil counts the first week from DTSTART; RFC 5545: from the beginning of the week.
        days = days or [(0, start.weekday())]
        args.setdefault("byhour", [start.hour])
        args.setdefault("byminute", [start.minute])
        args.setdefault("bysecond", [start.second])
        start = start - dt.timedelta(days=(start.weekday() - args["wkst"]) % 7)
        start = start.replace(hour=0, minute=0, second=0)
        moved = True
    if days:
        args["byweekday"] = [du.weekday(d, n) if n else du.weekday(d) for n, d in days]
    return args, start, moved

def walls(rule, start):
    args, first, moved = correct(rule, start)
    left = rule.get("COUNT", -1)
    if not moved and left >= 0:
        args["count"] = left
    for wall in du.rrule(FREQS.index(rule["FREQ"]), dtstart=first, **args):
        if wall >= END:
            return
        if moved and wall < start:
            continue
        if left == 0:
            return
        left -= 1
        yield wall

def instant(wall, zone):
    return int((wall - EPOCH).total_seconds() - wall.replace(tzinfo=zone, fold=0).utcoffset().total_seconds())

class Series:
    """Instants in ascending order, once each; wall order and instant order differ around a gap."""
    def __init__(self, rule, start, zone, until, ex, rdates):
        self.source, self.zone, self.until = walls(rule, start), zone, until
        self.ex, self.rdates = ex, rdates
        self.seen, self.newest, self.done = set(), -10**12, False

    def more(self):
        for wall in self.source:
            at = instant(wall, self.zone)
            self.newest = at
            if self.until is None or at <= self.until:
                self.seen.add(at)
            elif at > self.until + 2 * DAY:
                break
            return
        self.done = True

    def after(self, t, n):
        """The first n after t: read on until nothing later can come before the last of them."""
        while True:
            runs = sorted(a for a in self.seen | self.rdates if a > t and a not in self.ex)[:n] \
                if self.done or self.newest > t else []
            if self.done or (len(runs) == n and self.newest > runs[-1] + 2 * DAY):
                return runs
            for _ in range(400 if runs and self.newest < runs[-1] + 2 * DAY else 20):
                if not self.done:
                    self.more()

# ---- random rules ----

def some(values, most):
    return sorted(rnd.sample(values, min(len(values), rnd.randint(1, most))))

def signed(values, most):
    return [v if rnd.random() < .6 else -v for v in some(values, most)]

def maybe(p):
    return rnd.random() < p

def add_days(rule, freq):
    if freq == "WEEKLY":
        if maybe(.7):
            rule["BYDAY"] = [(0, d) for d in some(range(7), 4)]
        return
    if maybe(.45):
        numbered = freq in ("YEARLY", "MONTHLY") and "BYWEEKNO" not in rule and maybe(.6)
        most = 5 if freq == "MONTHLY" or "BYMONTH" in rule else 53
        rule["BYDAY"] = [((signed(range(1, most + 1), 1)[0] if numbered and maybe(.85) else 0), d)
                         for d in some(range(7), 3)]
    if maybe(.35):
        rule["BYMONTHDAY"] = signed(list(range(1, 32)) + [1, 13, 28, 29, 30, 31], 3)
    if freq in ("YEARLY", "HOURLY", "MINUTELY", "SECONDLY") and maybe(.12):
        rule["BYYEARDAY"] = signed(range(1, 367), 4 if freq == "YEARLY" else 60)

def add_times(rule, freq, hour):
    f = FREQS.index(freq)
    near = [(hour + k) % 24 for k in (-1, 0, 1)]
    if maybe(.35):
        rule["BYHOUR"] = some(sorted(set(near)) if maybe(.5) else range(24), 3)
    if maybe(.3):
        rule["BYMINUTE"] = some([0, 15, 29, 30, 31, 45, 59] if maybe(.7) else range(60), 3)
    if maybe(.1 if f < 4 else .3):
        rule["BYSECOND"] = some(range(60), 3)

def add_setpos(rule, freq):
    size = 1
    for part in ("BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYMONTHDAY", "BYMONTH"):
        size *= len(rule.get(part, [1]))
    size = min(366, size * {"YEARLY": 12, "MONTHLY": 4}.get(freq, 1))
    if maybe(.3) and any(p.startswith("BY") for p in rule):
        rule["BYSETPOS"] = signed(range(1, size + 1), 3)

def random_rule(freq, hour):
    rule = {"FREQ": freq}
    interval = {"YEARLY": 5, "MONTHLY": 14, "WEEKLY": 6, "DAILY": 40, "HOURLY": 60, "MINUTELY": 2000,
                "SECONDLY": 90000}[freq]
    if maybe(.5):
        rule["INTERVAL"] = rnd.randint(1, interval if maybe(.5) else 4)
    if maybe(.3):
        rule["BYMONTH"] = some(range(1, 13), 4)
    if freq == "YEARLY" and maybe(.2):
        rule["BYWEEKNO"] = signed(list(range(1, 54)) + [1, 52, 53], 3)
    add_days(rule, freq)
    add_times(rule, freq, hour)
    add_setpos(rule, freq)
    if maybe(.4):
        rule["WKST"] = rnd.randrange(7)
    return rule

def transitions(name):
    """(last wall second before, wall second after, is a gap) from 1985 to 2037."""
    zone, rows = zoneinfo.ZoneInfo(name), []
    def off(t):
        return int((EPOCH.replace(tzinfo=UTC) + dt.timedelta(seconds=t)).astimezone(zone).utcoffset().total_seconds())
    low, end = 473385600, 2145916800
    while low < end:
        high = low + 7 * DAY
        if off(low) != off(high):
            a, b = low, high
            while b - a > 1:
                a, b = ((a + b) // 2, b) if off((a + b) // 2) == off(low) else (a, (a + b) // 2)
            rows.append((b, off(a), off(b)))
        low = high
    return rows

CHANGES = {z: transitions(z) for z in ZONES}

def wall_of(s):
    return EPOCH + dt.timedelta(seconds=s)

def random_start(zone, freq):
    """(DTSTART, the transition that it lies near or None)"""
    if CHANGES[zone] and maybe(.6):
        at, before, after = change = rnd.choice(CHANGES[zone])
        inside = at + min(before, after) + rnd.randrange(abs(after - before))
        if maybe(.7):
            inside -= inside % 900
        if maybe(.3):  # in the gap or in the fold itself
            return wall_of(inside), change
        back = {"YEARLY": rnd.randint(0, 4) * 365, "MONTHLY": rnd.choice([0, 28, 31, 61, 365]), "WEEKLY": 7, "DAILY": 3}
        return wall_of(inside - back.get(freq, 1) * DAY - rnd.choice([0, 0, DAY, 7 * DAY])), change
    start = wall_of(rnd.randrange(0, 2000000000))
    return start.replace(minute=rnd.choice([0, 15, 30, 59]), second=rnd.choice([0, 0, 0, 7])), None

def aim(rule, freq, change):
    """Lets a yearly or monthly rule meet the transition's date."""
    at, before, _ = change
    day = wall_of(at + before - 1)
    if freq == "YEARLY":
        rule["BYMONTH"] = [day.month]
    for part in ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "INTERVAL"):
        rule.pop(part, None)
    rule["BYDAY"] = [((day.day - 1) // 7 + 1, day.weekday())]
    if maybe(.3):
        rule["BYDAY"].append((-1, day.weekday()))

def text_of(rule, until):
    def item(part, v):
        if part in ("FREQ", "INTERVAL", "COUNT"):
            return str(v)
        if part == "WKST":
            return DAYS[v]
        if part == "BYDAY":
            return ",".join((str(n) if n else "") + DAYS[d] for n, d in v)
        return ",".join(map(str, v))
    parts = [(p, item(p, v)) for p, v in rule.items()]
    if until is not None:
        parts.append(("UNTIL", stamp(wall_of(until)) + "Z"))
    first, rest = parts[0], parts[1:]
    rnd.shuffle(rest)
    return ";".join(f"{p}={v}" for p, v in [first] + rest)

def stamp(wall):
    return wall.strftime("%Y%m%dT%H%M%S")

def exclusions(series, zone, start):
    """EXDATEs from among the first runs (and one that is none), RDATEs between them, as local times."""
    ex, rd = [], []
    runs = series.after(-1, 8)
    if runs and maybe(.2):
        for at in rnd.sample(runs, min(len(runs), rnd.randint(1, 3))):
            wall = EPOCH + (dt.datetime.fromtimestamp(at, zone).replace(tzinfo=None) - EPOCH)
            if instant(wall, zone) == at:
                ex.append(wall)
    if runs and maybe(.15):
        for _ in range(rnd.randint(1, 3)):
            rd.append(start + dt.timedelta(seconds=rnd.randrange(0, max(DAY, runs[-1] - runs[0]), 60)))
    if rd and maybe(.3):
        ex.append(rd[0])
    return ex, rd

def row_of():
    freq = rnd.choice(FREQS[:4]) if maybe(.85) else rnd.choice(FREQS[4:])
    name = rnd.choice(ZONES) if freq in FREQS[:4] else "UTC"
    zone = zoneinfo.ZoneInfo(name)
    start, change = random_start(name, freq)
    if start.year < 1971:
        return None
    rule = random_rule(freq, start.hour)
    if change and freq in ("YEARLY", "MONTHLY") and maybe(.5):
        aim(rule, freq, change)
    plain = Series(rule, start, zone, None, set(), set()).after(-1, RUNS)
    if not plain:
        return None  # parsers refuse what never happens; another test's concern
    until = None
    if maybe(.15):
        rule["COUNT"] = rnd.randint(1, 40)
    elif maybe(.15):
        until = rnd.choice(plain) + rnd.choice([0, 0, -1, 1, 3600, rnd.randrange(400 * DAY)])
    ex, rd = exclusions(Series(rule, start, zone, until, set(), set()), zone, start)
    series = Series(rule, start, zone, until, {instant(w, zone) for w in ex}, {instant(w, zone) for w in rd})
    runs = series.after(-1, RUNS)
    if not runs:
        return None
    step = (plain[-1] - plain[0]) // max(1, len(plain) - 1)
    far = runs[-1] + rnd.randint(0, min(step * rnd.randint(1, 500), 25 * 366 * DAY) + 3600)
    later = series.after(far, 1)
    shown = [runs[0]] + [b - a for a, b in zip(runs, runs[1:])] + (["-"] if len(runs) < RUNS else [])
    return [text_of(rule, until), stamp(start), name, ",".join(map(stamp, ex)), ",".join(map(stamp, rd)),
            " ".join(map(str, shown)), far, later[0] - far if later else "-"]

def too_long(*_):
    raise TimeoutError

def main():
    version = open(f"{DIR}/tzdata.zi").readline().split()[-1]
    print(f"# python-dateutil {dateutil.__version__}, Python {sys.version.split()[0]} zoneinfo, system tzdata {version}, "
          f"seed {SEED}, {dt.date.today()}")
    print("# rule, dtstart, zone, exdate, rdate, up to 6 runs (epoch seconds, then distances; - at the end), far, first run after it")
    signal.signal(signal.SIGALRM, too_long)
    done = tried = 0
    while done < ROWS:
        rnd.seed(SEED + tried)  # each row of its own, so that one which takes too long changes no other
        tried += 1
        signal.setitimer(signal.ITIMER_REAL, 0.12)  # dateutil walks a rule that never happens to the year 9999
        try:
            row = row_of()
        except (ValueError, TimeoutError):  # a sub-daily rule without a run is a ValueError
            row = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        if row:
            print(*row, sep="\t")
            done += 1

if __name__ == "__main__":
    main()
