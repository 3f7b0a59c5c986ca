// Makes tests/data/describe_cronstrue.tsv with npm cronstrue 3.39.0 (published 2026-11-09), default options. Usage:
//   cd /tmp/x && npm install cronstrue@3.39.0 && cp .../describe_cronstrue.mjs . && node describe_cronstrue.mjs > describe_cronstrue.tsv
// Columns: class, expression, cronstrue's text. Class "same": ours must be the same. Any other class names a
// reason why cronstrue's text is wrong, misleading or not there ("-"), and ours differs; t_describe.c has rows of each:
//   week      0-7 and 7-7 ("Sunday through Sunday"), 5-5
//   star_day  a day field of every day written out (*/1) beside a restricted one: cronstrue drops it, but it means OR
//   star      a star inside a list
//   order     a list of numbers and other things, which cronstrue sorts by what is not a number
//   joint     a list with steps of which cronstrue loses a comma, a unit or a conjunction
//   hour_end  an hour range in a list with steps: its end is :59, cronstrue says :00
//   year_end  a/s in years: cronstrue goes on to 9999, we to 2199
//   days      L or W in a list; L-0; L-nW
//   nth       d#n beside plain days: cronstrue makes them all nth
//   last_hash d#L
//   zeros     leading zeros
//   case      l and w in small letters
//   names     full names
//   hash      H
//   or        a day of the month or one of the week, the latter a range, steps or nth: cronstrue says no "and"
//   plus      + with a range, a step or nth: cronstrue has no AND of its own for them
// A `+` with days or lists of days is "same": compared with cronstrue's option logicalAndDayFields.
import cronstrue from 'cronstrue';
import { readFileSync } from 'node:fs';

const ROWS = Number(process.env.ROWS ?? 3800), SEED = process.env.SEED ?? 20261121;
let state = BigInt(SEED);
function random(n) { // splitmix64
	state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
	let z = state;
	z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
	z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
	return Number((z ^ (z >> 31n)) % BigInt(n));
}
const pick = list => list[random(list.length)];
const between = (a, b) => a + random(b - a + 1);
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const FULL = 'JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER SUNDAY MONDAY '
	+ 'TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY';

// ---- expressions ----

function value(f) {
	const v = between(f.low, f.high);
	if (!f.names || random(3) || (f.low === 0 && v === 7))
		return random(60) || v > 9 ? String(v) : `0${v}`;
	const name = f.names[v - f.low];
	return pick([name, name, name.toLowerCase(), FULL.split(' ').find(x => x.startsWith(name)) ?? name].slice(0, random(30) ? 3 : 4));
}
function item(f) {
	const span = f.span;
	switch (random(10)) {
	case 0: case 1: case 2: return value(f);
	case 3: case 4: case 5: return `${value(f)}-${value(f)}`;
	case 6: return `${value(f)}-${value(f)}/${between(1, Math.min(span, 20))}`;
	case 7: return `${value(f)}/${between(1, Math.min(span, 20))}`;
	case 8: return random(40) ? `*/${between(1, span)}` : pick(['H', `H/${between(1, span)}`]);
	default: return random(40) ? value(f) : '*';
	}
}
function list(f) {
	switch (random(8)) {
	case 0: case 1: case 2: return item(f);
	case 3: case 4: return Array.from({ length: pick([2, 2, 3, 4]) }, () => value(f)).join(',');
	case 5: return `*/${pick(f.even)}`;
	case 6: return Array.from({ length: pick([2, 3]) }, () => `${pick([value(f), `${value(f)}-${value(f)}`])}`).join(',');
	default: return Array.from({ length: pick([2, 2, 3]) }, () => item(f)).join(',');
	}
}
const field = (f, stars) => (random(10) < stars ? '*' : list(f));
const F = {
	sec: { low: 0, high: 59, span: 60, even: [5, 10, 15, 20, 30] },
	min: { low: 0, high: 59, span: 60, even: [1, 2, 5, 10, 15, 20, 30] },
	hour: { low: 0, high: 23, span: 24, even: [2, 3, 4, 6, 8, 12] },
	dom: { low: 1, high: 31, span: 31, even: [2, 5, 10] },
	mon: { low: 1, high: 12, span: 12, even: [2, 3, 6], names: MONTHS },
	dow: { low: 0, high: 7, span: 7, even: [2, 3], names: DAYS },
	year: { low: 2026, high: 2099, span: 100, even: [2, 4] },
};
const special = () => pick(['L', 'L', 'LW', `${between(1, 31)}W`, `L-${between(0, 9)}`, '1W', `L-${between(0, 5)}W`, 'l', '15w']);
function dom(stars) {
	if (random(5))
		return random(12) ? field(F.dom, stars) : '?';
	return random(4) ? special() : [special(), pick([special(), value(F.dom)])].join(',');
}
function dow(stars) {
	if (random(12) === 0)
		return pick(['1-5', 'MON-FRI', '0-7', '?', '6,0', 'SAT,SUN', '*/1', '7', '5-7', 'FRI-MON', '7-2']);
	if (random(4))
		return (random(7) ? '' : '+') + field(F.dow, stars);
	const day = () => pick([random(8), pick(DAYS)]);
	const some = () => pick([`${day()}#${between(1, 5)}`, `${day()}#${between(1, 5)}`, `${day()}L`, `${day()}`, `${day()}#L`].slice(0, random(9) ? 4 : 5));
	return random(3) ? pick([`${day()}#${between(1, 5)}`, `${day()}L`]) : [some(), some()].join(',');
}
function time() {
	switch (random(6)) {
	case 0: return `${random(60)} ${random(24)}`;
	case 1: return `${pick([0, 0, 30, 15])} ${pick([random(24), `${random(24)},${random(24)}`, '*', `*/${pick(F.hour.even)}`, '9-17'])}`;
	case 2: return `${pick(['*', '*/5', '*/15', '0,30'])} ${pick(['*', '9-17', random(24), `${random(24)},${random(24)}`])}`;
	default: return `${field(F.min, 2)} ${field(F.hour, 3)}`;
	}
}
function expression() {
	const stars = pick([5, 8, 10, 10]);
	const five = `${time()} ${dom(stars)} ${field(F.mon, Math.max(stars, 7))} ${dow(stars)}`;
	switch (random(6)) {
	case 0: return `${field(F.sec, 2)} ${five}`;
	case 1: return `${pick(['0', '0', field(F.sec, 2)])} ${five} ${pick(['*', '2027', '2026-2030', '2026,2028', '2030,2027,2029', '*/2', field(F.year, 2)])}`;
	default: return five;
	}
}
const FIXED = ('@yearly @annually @monthly @weekly @daily @midnight @hourly|0 9 * * 1|0 0 13 * 5|30 * * * *|0 */2 * * *|'
	+ '0 9 * * 1-5|0 0 1,15 * *|*/7 * * * *|0 0 L * *|0 0 LW * *|0 0 15W * *|0 0 * * 5#3|0 0 * * 5L|0 9,17 * * *|'
	+ '0 9,12,17 * * *|*/15 9-17 * * MON-FRI|0 0 29 2 *|* * * * * *|*/10 * * * * *|0 22-2 * * *|0 0 1 1-12/3 *')
	.split('|').flatMap(x => (x[0] === '@' ? x.split(' ') : [x]));

// ---- classes ----

function scrambled(text) {
	const items = text.split(',').map(x => (Number.isNaN(Number(x)) ? x : Number(x)));
	const before = items.join(',');
	if (items.every(x => typeof x === 'number'))
		return false;
	return items.sort((a, b) => a - b).join(',') !== before;
}
function classOfField(text, name, parts) {
	const items = text.replace(/^\+/, '').split(','), isList = items.length > 1;
	const plain = items.filter(x => !x.includes('#') && !/L$/i.test(x));
	const isDay = name === 'dom' || name === 'dow';
	const other = name === 'dom' ? parts.dow : parts.dom;
	if (/(^|[^A-Z])H/i.test(text))
		return 'hash';
	if (FULL.split(' ').some(x => x.length > 3 && text.toUpperCase().includes(x)))
		return 'names';
	if (/(^|[^0-9])0[0-9]/.test(text))
		return 'zeros';
	if (name === 'dom' && /[lw]/.test(text))
		return 'case';
	if (/#L/i.test(text))
		return 'last_hash';
	if (name === 'dom' && (/^L-(0|.*W)$/i.test(text) || (isList && items.some(x => /[LW]/i.test(x)))))
		return 'days';
	if (name === 'dow') {
		const day = x => (DAYS.indexOf(x.toUpperCase()) >= 0 ? DAYS.indexOf(x.toUpperCase()) : Number(x) % 7);
		if (items.some(x => /^(\w+)-(\w+)/.test(x) && day(x.split(/[-/]/)[0]) === day(x.split(/[-/]/)[1])))
			return 'week';
		if (plain.length && items.some(x => x.includes('#')))
			return 'nth';
	}
	if (isDay && !/^[*?]$/.test(other) && parts.dow[0] !== '+' && items.length === 1 && /^(\*|1)\/1$/.test(items[0]) && (name === 'dom' || items[0][0] === '*'))
		return 'star_day';
	if (isList && items.some(x => /^\*(\/1)?$/.test(x) || /^[01]\/1$/.test(x)))
		return 'star';
	if (isList && scrambled(text))
		return 'order';
	if (name === 'year' && /^\d+\/|,\d+\//.test(text) && !isList)
		return 'year_end';
	if (isList && text.includes('/')) {
		if (name === 'hour' && items.some(x => x.includes('-')))
			return 'hour_end';
		const isTime = ['sec', 'min', 'hour'].includes(name);
		if (!isTime && /^[^/]+-[^/]+$/.test(items[0]))
			return 'joint';
		if (isTime && (items.some((x, i) => i > 0 && x.startsWith('0/')) || items.includes('0') || items[0].startsWith('0/')))
			return 'joint';
		if (name === 'dow' && !/^[*?]$/.test(parts.dom) && items.some(x => /^\w+(\/\d+)?$/.test(x)))
			return 'joint';
		if (name === 'dom' && items.some((x, i) => i > 0 && x.endsWith('/1')))
			return 'joint';
		if (items.some((x, i) => i > 0 && /^1\/|^JAN\//i.test(x)))
			return 'joint';
	}
	return null;
}
function classOf(text) {
	if (text[0] === '@')
		return 'same';
	const t = text.split(' ');
	const [sec, min, hour, d, mon, w, year] = [...(t.length === 5 ? ['0'] : []), ...t, '*'];
	const parts = { sec, min, hour, dom: d, mon, dow: w, year };
	for (const [name, f] of Object.entries(parts)) {
		const found = classOfField(f, name, parts);
		if (found)
			return found;
	}
	const or = w[0] !== '+' && !/^[*?]$/.test(d) && !/^[*?]$/.test(w);
	if (or && !/, and on [A-Z][a-z]+day/.test(say(text)))
		return 'or';
	const and = w[0] === '+' && !/^[*?]$/.test(d);
	return and && (/[/#L]/i.test(w) || /^[^,]*-[^,]*$/.test(w)) ? 'plus' : 'same';
}
function say(text) {
	const isAnd = / \+/.test(text);
	try {
		return cronstrue.toString(text.replace(' +', ' '), { throwExceptionOnParseError: true, logicalAndDayFields: isAnd });
	} catch {
		return '-';
	}
}

// What our parser refuses: ranges of years that descend, days that the months do not have (more than those are left out),
// a day of the month that is never the weekday asked for.
function isRefused(text) {
	const t = text.split(' '), [d, mon, w] = t.length === 5 ? t.slice(2) : t.slice(3);
	if (t.length === 7 && t[6].split(',').some(x => /^\d+-/.test(x) && parseInt(x.split('-')[1], 10) < parseInt(x, 10)))
		return true;
	return t.length >= 5 && (/^\+.*[#L]/i.test(w) || (/^[*?+]/.test(w) && mon !== '*' && /\b3[01]/.test(d)));
}

const version = JSON.parse(readFileSync('node_modules/cronstrue/package.json', 'utf8')).version;
const seen = new Set(), count = {};
console.log(`# cronstrue ${version} (published 2026-11-09), default options, node ${process.version}, seed ${SEED}, 2026-11-21`);
console.log('# class, expression, text; classes: tests/data/make/describe_cronstrue.mjs');
while (seen.size < ROWS) {
	const text = seen.size < FIXED.length ? FIXED[seen.size] : expression();
	if (seen.has(text) || text.length > 120 || isRefused(text))
		continue;
	const kind = classOf(text);
	if (kind !== 'same' && (count[kind] ?? 0) >= 40)
		continue;
	seen.add(text);
	count[kind] = (count[kind] ?? 0) + 1;
	console.log([kind, text, say(text)].join('\t'));
}
console.error(JSON.stringify(count));
