// The figures of issue 2: what each must reach, one line for people and one JSON line for programs.
import fs from 'node:fs';
import path from 'node:path';
import { OUT } from './lib.mjs';

const lines = [];
let bad = 0;

const short = value => {
	if (value === null || value === undefined || Number.isNaN(value))
		return '-';
	if (typeof value !== 'number')
		return String(value);
	return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(+value.toPrecision(3));
};

// Each bar is {of, than?, at_least|at_most, first}: value/than (or value alone) against the two marks.
function judge(value, bar) {
	const got = bar.than === undefined ? value : value / bar.than;
	if (value === null || value === undefined || (bar.than !== undefined && !bar.than))
		return { got: null, verdict: '-' };
	const reached = mark => bar.at_least !== undefined ? got >= mark : got <= mark;
	return { got, verdict: reached(bar.at_least ?? bar.at_most) ? 'target' : reached(bar.first) ? 'first mark' : 'MISS' };
}

// figure(name, unit, carillon's value, {peers and limits by name}, bars)
export function figure(name, unit, value, beside, bars, more = {}) {
	const judged = bars.map(bar => ({ ...bar, ...judge(value, bar) }));
	const sign = bar => bar.at_least !== undefined ? '>=' : '<=';
	console.log(`${name}: ${value === null || value === undefined ? 'no Carillon' : short(value)} ${unit}` +
		Object.entries(beside).filter(([, each]) => each !== null && each !== undefined).map(([other, each]) => `; ${other} ${short(each)}`).join(''));
	for (const bar of judged)
		console.log(`    ${bar.of}: ${short(bar.got)}${bar.than === undefined ? '' : 'x'} (target ${sign(bar)} ${short(bar.at_least ?? bar.at_most)}, first mark ${short(bar.first)}): ${bar.verdict}`);
	for (const bar of judged.filter(each => each.zero && each.verdict === 'MISS'))
		bad += bar.got ? 1 : 0;
	lines.push({ figure: name, unit, carillon: value ?? null, beside, judged, ...more });
	fs.appendFileSync(path.join(OUT, 'bench.jsonl'), JSON.stringify({ at: new Date().toISOString(), ...lines.at(-1) }) + '\n');
}

export function summary() {
	console.log('\nfigure | Carillon | beside | ratio | target | first mark | verdict');
	for (const line of lines)
		for (const bar of line.judged)
			console.log([line.figure, short(line.carillon), bar.than === undefined ? '' : `${bar.of} ${short(bar.than)}`, short(bar.got),
				short(bar.at_least ?? bar.at_most), short(bar.first), bar.verdict].join(' | '));
	console.log(`JSON lines: ${path.join(OUT, 'bench.jsonl')}`);
	return bad;
}

export const zero = of => ({ of, at_most: 0, first: 0, zero: true });
