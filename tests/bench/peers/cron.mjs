// croner and cron-parser on cases of bench_when, under its names. One JSON line each: {"lib","name","ns"}.
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const NY = 'America/New_York';
const sequences = [['next_seq_5_minutes', '*/5 * * * *'], ['next_seq_daily', '30 2 * * *'], ['next_seq_weekdays', '0 9 * * MON-FRI']];
const scattered = [['next_random_daily', '30 2 * * *'], ['next_random_leap', '0 0 29 2 *']];
const parses = [['parse_simple', '*/5 9-17 * * MON-FRI'], ['parse_daily', '30 2 * * *']];
const FROM = Date.parse('2025-01-01T00:00:00Z'), SPAN = 50 * 365 * 86400e3;
const BUDGET_NS = 8e7, ROUNDS = 3;

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

const say = (lib, name, ns) => console.log(JSON.stringify({ lib, name, ns }));
const somewhen = () => new Date(FROM + Math.random() * SPAN);

for (const [name, text] of sequences) {
	const cron = new Cron(text, { timezone: NY, paused: true });
	let at = new Date(FROM);
	say('croner', name, time(() => { at = cron.nextRun(at); }));
	const parser = CronExpressionParser.parse(text, { currentDate: new Date(FROM), tz: NY });
	say('cron-parser', name, time(() => parser.next()));
}
for (const [name, text] of scattered) {
	const cron = new Cron(text, { timezone: NY, paused: true });
	say('croner', name, time(() => cron.nextRun(somewhen())));
	const parser = CronExpressionParser.parse(text, { currentDate: new Date(FROM), tz: NY });
	say('cron-parser', name, time(() => { parser.reset(somewhen()); parser.next(); }));
}
for (const [name, text] of parses) {
	say('croner', name, time(() => new Cron(text, { timezone: NY, paused: true })));
	say('cron-parser', name, time(() => CronExpressionParser.parse(text, { tz: NY })));
}
