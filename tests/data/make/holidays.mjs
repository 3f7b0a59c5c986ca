// Makes tests/data/holidays_{us,england,target}.tsv: the dates from Monday to Friday of 2021-2030 that are closed.
// US and England by npm's date-holidays, an implementation of its own; TARGET (1 January, Good Friday, Easter Monday,
// 1 May, 25 and 26 December, nothing observed) by hand, with the Easter of npm's date-easter. Usage, in a directory
// where `npm install date-holidays` was run: node holidays.mjs TREE/tests/data
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'x'));
const Holidays = require('date-holidays');
const { easter } = require('date-easter');
const version = require('date-holidays/package.json').version;
const today = new Date().toISOString().slice(0, 10);
const dir = process.argv[2];

const isWeekday = (date) => new Date(date + 'T00:00Z').getUTCDay() % 6 !== 0;
const plus = (date, n) => new Date(Date.parse(date + 'T00:00Z') + n * 86400000).toISOString().slice(0, 10);
const write = (name, head, rows) => {
	const kept = [...new Map(rows.filter(([d]) => isWeekday(d)).map((r) => [r[0], r])).values()].sort();
	writeFileSync(join(dir, `holidays_${name}.tsv`), `# ${head}\n` + kept.map((r) => r.join('\t') + '\n').join(''));
};
// A day observed in the year before it is in the list of its own year too: take one year more, keep the ten.
const listed = (...place) => {
	const rows = new Map();
	for (let year = 2020; year <= 2031; year++)
		for (const h of new Holidays(...place).getHolidays(year))
			if (h.type === 'public' && h.date.slice(0, 4) >= 2021 && h.date.slice(0, 4) <= 2030)
				rows.set(h.date.slice(0, 10), h.name);
	return [...rows];
};
const target = [];
for (let year = 2021; year <= 2030; year++) {
	const sunday = easter(year).toString();
	for (const day of ['01-01', '05-01', '12-25', '12-26']) target.push([`${year}-${day}`, day]);
	target.push([plus(sunday, -2), 'Good Friday'], [plus(sunday, 1), 'Easter Monday']);
}
// date-holidays moves every federal holiday but Veterans Day; the law (5 U.S.C. 6103(b)) moves it too, and the Office
// of Personnel Management lists these days.
const veterans = ['2023-11-10', '2028-11-10', '2029-11-12'].map((d) => [d, 'Veterans Day (substitute day, by hand)']);
const source = `npm date-holidays ${version}, ${today}, closed Mondays to Fridays of 2021-2030`;
write('us', `${source}: US federal; 3 days by hand`, [...listed('US'), ...veterans]);
write('england', `${source}: England`, listed('GB', 'ENG'));
write('target', `by hand, with Easter of npm date-easter, ${today}, closed Mondays to Fridays of 2021-2030: TARGET`, target);
