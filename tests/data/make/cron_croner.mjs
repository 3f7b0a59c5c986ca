// Makes tests/data/cron_croner.tsv with npm croner 11.0.1, an independent implementation of cron and of our
// rules for clock changes (fixedTimeRule 'no-wildcard'; TIME.md section 2). Usage:
//   cd /tmp/x && npm install croner@11.0.1 && cp .../cron_croner.mjs . && node cron_croner.mjs > cron_croner.tsv
// Node has time zone data of its own: a zone is used only if its offsets, at every transition of the system's
// zone files and on the 1st of every month of 2000-2037, are the system's. Left out: what croner does not
// know or reads otherwise (wrapping ranges, L-n, H, stepped years), and zones whose gap crosses midnight
// (Nuuk, Scoresbysund), where croner drops a run that ISC cron and we do at 00:00; t_cron_next.c has those.
import { Cron } from 'croner';
import { execFileSync } from 'node:child_process';

const ROWS = Number(process.env.ROWS ?? 22000);
let state = BigInt(process.env.SEED ?? 20250309);
function random(n) { // splitmix64
	state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
	let z = state;
	z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
	z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
	return Number((z ^ (z >> 31n)) % BigInt(n));
}
const pick = list => list[random(list.length)];
const between = (a, b) => a + random(b - a + 1);

const candidates = ['UTC', 'America/New_York', 'America/Los_Angeles', 'America/Chicago', 'America/St_Johns',
	'America/Havana', 'America/Santiago', 'America/Sao_Paulo', 'America/Asuncion', 'Europe/Berlin',
	'Europe/London', 'Europe/Dublin', 'Europe/Moscow', 'Africa/Casablanca', 'Africa/Cairo', 'Asia/Beirut',
	'Asia/Gaza', 'Asia/Tehran', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Lord_Howe', 'Australia/Adelaide',
	'Australia/Sydney', 'Pacific/Auckland', 'Pacific/Chatham', 'Pacific/Apia', 'Antarctica/Troll',
	'Atlantic/Azores', 'Pacific/Easter', 'Asia/Jerusalem'];
const script = `
import json, sys, datetime, zoneinfo
out = {}
def offset(z, t): return int(datetime.datetime.fromtimestamp(t, z).utcoffset().total_seconds())
for name in sys.argv[1:]:
    z = zoneinfo.ZoneInfo(name)
    t, end, rows, checks = 946684800, 2145916800, [], []
    while t < end:
        n = min(t + 86400 * 5, end)
        if offset(z, t) != offset(z, n):
            a, b = t, n
            while b - a > 1:
                m = (a + b) // 2
                if offset(z, m) == offset(z, t): a = m
                else: b = m
            rows.append(b)
            checks += [[b - 1, offset(z, b - 1)], [b, offset(z, b)]]
            n = b
        t = n
    for y in range(2000, 2038):
        for m in range(1, 13):
            s = int(datetime.datetime(y, m, 1, tzinfo=datetime.timezone.utc).timestamp())
            checks.append([s, offset(z, s)])
    out[name] = {"rows": rows, "checks": checks}
print(json.dumps(out))`;
const system = JSON.parse(execFileSync('python3', ['-c', script, ...candidates], { maxBuffer: 1 << 26 }));
const version = execFileSync('head', ['-1', '/usr/share/zoneinfo/tzdata.zi']).toString().trim().split(' ').pop();

function nodeOffset(format, s) {
	const p = Object.fromEntries(format.formatToParts(new Date(s * 1000)).map(x => [x.type, Number(x.value)]));
	return Date.UTC(p.year, p.month - 1, p.day, p.hour % 24, p.minute, p.second) / 1000 - s;
}
const zones = candidates.filter(name => {
	const format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', year: 'numeric',
		month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
	const bad = system[name].checks.find(([s, o]) => nodeOffset(format, s) !== o);
	if (bad)
		console.error(`left out: ${name}, offset differs at ${bad[0]}`);
	return !bad;
});

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
function value(low, high, names) {
	const v = between(low, high);
	if (!names || random(3))
		return String(v);
	const name = names[v - (names.length === 12 ? 1 : 0)];
	return random(2) ? name : name.toLowerCase();
}
function item(low, high, names) {
	const span = high - low + 1;
	switch (random(8)) {
	case 0: case 1: case 2: return value(low, high, names);
	case 3: case 4: {
		const a = between(low, high), b = between(a, high);
		return `${a}-${b}` + (random(2) ? `/${between(1, span)}` : '');
	}
	case 5: return `*/${between(1, span)}`;
	case 6: return `${between(low, high)}/${between(1, span)}`;
	default: return names ? value(low, high, names) : `*/${pick([2, 3, 4, 5, 6, 10])}`;
	}
}
function field(low, high, names, stars) {
	if (random(10) < stars)
		return '*';
	let n = pick([1, 1, 1, 2, 3]), out = [];
	while (n--)
		out.push(item(low, high, names));
	return out.join(',');
}
function dom(stars) {
	if (random(6))
		return field(1, 31, null, stars);
	const some = () => pick(['L', 'LW', `${between(1, 31)}W`, `${between(1, 31)}`]);
	return random(2) ? some() : `${some()},${some()}`;
}
function dow(stars) {
	if (random(5))
		return (random(12) ? '' : '+') + field(0, 6, DAYS, stars);
	const some = () => `${pick([random(7), pick(DAYS)])}#${pick([1, 2, 3, 4, 5, 'L'])}`;
	return random(2) ? some() : `${some()},${some()}`;
}
// Half the hours near the hour of the change, so that something happens that night.
function expression(hour) {
	if (random(60) === 0)
		return pick(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
	const near = hour !== null && random(3);
	const h = near ? pick([`${hour}`, `${(hour + 23) % 24}`, `${hour}`, `*/${pick([1, 2, 3])}`, '*',
		`${Math.min(hour, 22)}-23`, `${hour},${(hour + 1) % 24}`]) : field(0, 23, null, 4);
	const often = near ? 9 : 6;
	const five = [field(0, 59, null, 3), h, dom(often), field(1, 12, MONTHS, near ? 10 : 7), dow(often)];
	switch (random(8)) {
	case 0: case 1: return [field(0, 59, null, 2), ...five].join(' ');
	case 2: return [field(0, 59, null, 2), ...five, pick(['*', '2024-2030', '2026,2028', `${between(2020, 2037)}`])].join(' ');
	default: return five.join(' ');
	}
}

const stats = { refused: 0, near: 0 };
console.log(`# croner 11.0.1 (fixedTimeRule no-wildcard, sloppyRanges), node ${process.version} tz ${process.versions.tz}, `
	+ `system tzdata ${version}, seed ${process.env.SEED ?? 20250309}, ${new Date().toISOString().slice(0, 10)}`);
console.log('# expression, zone, after (epoch s), then up to 3 runs: the first as seconds after `after`, each next '
	+ 'after the one before; - for none up to the end of 2037');
for (let made = 0; made < ROWS;) {
	const zone = pick(zones), rows = system[zone].rows;
	const isNear = rows.length > 0 && random(2) === 0;
	const at = isNear ? pick(rows) : null;
	const after = isNear ? at + between(-86400, 14400) : between(1262304000, 2082758400);
	const local = at === null ? null : new Date((at - 1 + system[zone].checks.find(c => c[0] === at - 1)[1]) * 1000);
	const text = expression(local ? (local.getUTCHours() + 1) % 24 : null);
	let runs;
	try {
		const cron = new Cron(text, { timezone: zone, paused: true, fixedTimeRule: 'no-wildcard', sloppyRanges: true });
		runs = [];
		for (let from = new Date(after * 1000); runs.length < 3;) {
			const run = cron.nextRun(from);
			if (run && run.getTime() / 1000 >= 2145916800)
				break;
			runs.push(run ? String((run - from) / 1000) : '-');
			if (!run)
				break;
			from = run;
		}
	} catch (e) {
		stats.refused++;
		continue;
	}
	if (runs.length === 0)
		continue;
	stats.near += isNear;
	made++;
	console.log([text, zone, after, ...runs].join('\t'));
}
console.error(JSON.stringify(stats));
