#!/usr/bin/env python3
"""Makes tests/data/tz_transitions.tsv from `zdump -v -c 1970,2200` of every zone, each row confirmed by
Python's zoneinfo (which expands the footer's rule with code of its own). Usage:
    tests/data/make/tz_transitions.py > tests/data/tz_transitions.tsv

Z  zone  offset at 1970-01-01  number of changes of the offset  FNV-1a 64 of "instant offset\\n" over them
T  zone  instant  new offset            every change, for the zones that surprise people (TIME.md 1a)
"""
import calendar, datetime, os, re, subprocess, sys, zoneinfo

DIR = "/usr/share/zoneinfo"
ODD = """America/New_York Europe/Berlin Australia/Lord_Howe America/Nuuk America/Scoresbysund Africa/Cairo
Asia/Beirut America/Havana America/Santiago Antarctica/Troll Pacific/Chatham Africa/Casablanca Europe/Dublin
Asia/Gaza Pacific/Apia Africa/Monrovia""".split()
LAST = calendar.timegm((2200, 1, 1, 0, 0, 0))
zoneinfo.reset_tzpath([DIR])

def names():
    for top, dirs, files in os.walk(DIR):
        if top == DIR:
            dirs[:] = [d for d in dirs if d not in ("posix", "right")]
        for f in files:
            name = os.path.relpath(os.path.join(top, f), DIR)
            with open(os.path.join(DIR, name), "rb") as h:
                if h.read(4) == b"TZif" and name not in ("localtime", "posixrules", "Factory"):
                    yield name

def offset(zone, at):
    return int((datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
                + datetime.timedelta(seconds=at)).astimezone(zone).utcoffset().total_seconds())

months = {m: i for i, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
line = re.compile(r"^\S+\s+\w+ (\w+) +(\d+) (\d+):(\d+):(\d+) (-?\d+) UTC? = .* gmtoff=(-?\d+)$")

def changes(name):
    zone = zoneinfo.ZoneInfo.no_cache(name)
    text = subprocess.run(["zdump", "-v", "-c", "1970,2200", name], capture_output=True, text=True,
                          env={"TZDIR": DIR, "PATH": os.environ["PATH"], "LC_ALL": "C"}).stdout
    now = first = offset(zone, 0)
    rows = []
    for l in text.splitlines():
        m = line.match(l)
        if not m:
            continue
        mon, d, h, mi, s, y, off = m.groups()
        at = calendar.timegm((int(y), months[mon], int(d), int(h), int(mi), int(s)))
        if at <= 0 or at >= LAST or int(off) == now:
            continue
        assert offset(zone, at) == int(off) and offset(zone, at - 1) == now, (name, at)
        now = int(off)
        rows.append((at, now))
    return first, rows

def fnv(rows):
    h = 0xcbf29ce484222325
    for at, off in rows:
        for b in f"{at} {off}\n".encode():
            h = (h ^ b) * 0x100000001b3 & 0xffffffffffffffff
    return h

version = open(f"{DIR}/tzdata.zi").readline().split()[-1]
print(f"# zdump and Python {sys.version.split()[0]} zoneinfo, tzdata {version}, {datetime.date.today()}, 1970 to 2199")
for name in sorted(names()):
    first, rows = changes(name)
    print("Z", name, first, len(rows), f"{fnv(rows):016x}", sep="\t")
    if name in ODD:
        for row in rows:
            print("T", name, *row, sep="\t")
