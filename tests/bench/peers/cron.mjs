// croner and cron-parser on the expressions and instants of bench_when, under its names. One JSON line each:
// {"lib","name","ns"} for a call, {"lib","name","sum"} for what they answer in UTC, added up.
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const NY = 'America/New_York';
const classes = [['second', '* * * * * *'], ['minute', '* * * * *'], ['5_minutes', '*/5 * * * *'], ['hourly', '0 * * * *'],
	['daily', '30 2 * * *'], ['weekdays', '0 9 * * MON-FRI'], ['monthly_L', '0 9 L * *'], ['yearly', '0 0 1 1 *'], ['leap', '0 0 29 2 *']];
const parses = [['parse_stars', '* * * * *'], ['parse_simple', '*/5 9-17 * * MON-FRI'], ['parse_daily', '30 2 * * *']];
const FROM = Date.parse('2025-01-01T00:00:00Z'), SPAN_S = 30 * 365 * 86400, ANSWERS = 40, SCATTERED_ANSWERS = 1000;
const BUDGET_NS = 6e7, ROUNDS = 3;

function time(action) {
	let best = Infinity;
	for (let round = 0; round < ROUNDS; round++) {
		const began = process.hrtime.bigint();
		let count = 0, spent = 0;
		do {
			action();
			count++;
			spent = Number(process.hrtime.bigint() - began);
		} while (spent < BUDGET_NS);
		best = Math.min(best, spent / count);
	}
	return Math.round(best);
}

// The same instants as bench_when's, in the same order: xorshift32.
function instants() {
	let state = 2463534242;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return new Date(FROM + ((state >>> 0) % SPAN_S) * 1e3);
	};
}

// Each answers "the first one after this date"; with no date it goes on in a row.
function croner(text, timezone) {
	const cron = new Cron(text, { timezone, paused: true });
	let at = new Date(FROM);
	return date => date ? cron.nextRun(date) : (at = cron.nextRun(at) ?? new Date(FROM));
}

function cron_parser(text, tz) {
	const cron = CronExpressionParser.parse(text, { currentDate: new Date(FROM), tz });
	return date => {
		if (date)
			cron.reset(date);
		return cron.next().toDate();
	};
}

const say = line => console.log(JSON.stringify(line));
for (const [lib, make] of [['croner', croner], ['cron-parser', cron_parser]])
	for (const [name, text] of classes) {
		const in_a_row = make(text, NY), scattered = make(text, NY), somewhen = instants();
		say({ lib, name: `next_seq_${name}`, ns: time(() => in_a_row()) });
		say({ lib, name: `next_random_${name}`, ns: time(() => scattered(somewhen())) });
		const utc = make(text, 'UTC'), again = make(text, 'UTC'), asked = instants();
		let sum = 0;
		for (let i = 0; i < ANSWERS; i++)
			sum += utc() / 1e3;
		for (let i = 0; i < SCATTERED_ANSWERS; i++)
			sum += again(asked()) / 1e3;
		say({ lib, name: `answers_${name}`, sum });
	}
for (const [name, text] of parses) {
	say({ lib: 'croner', name, ns: time(() => new Cron(text, { timezone: NY, paused: true })) });
	say({ lib: 'cron-parser', name, ns: time(() => CronExpressionParser.parse(text, { tz: NY })) });
}
