// Makes src/when/zone_words.def: the long generic names of all zones of the system's zone files, from node's Intl (CLDR).
// Usage: node tests/data/make/zone_words.mjs > src/when/zone_words.def
// A zone has no name of its own if CLDR knows its standard time as an offset only (Casablanca, "GMT+01:00"), or if the
// generic name is made of the place instead of the standard time's, which is Greenwich Mean Time (London, Dublin, Troll).
// Such zones are left out. CLDR makes no difference between the names of UTC and of GMT; the lists below do.
import { readdirSync, readFileSync, statSync } from 'node:fs';

const ROOT = '/usr/share/zoneinfo', AT = new Date('2026-11-21T00:00:00Z');
const UTC = ['UTC', 'UCT', 'Universal', 'Zulu'].flatMap(x => [x, `Etc/${x}`]);
const GMT = ['GMT', 'GMT0', 'GMT+0', 'GMT-0', 'Greenwich'].flatMap(x => [x, `Etc/${x}`]);

function list(folder) {
	return readdirSync(ROOT + folder).flatMap(name => {
		const path = `${folder}/${name}`;
		if (statSync(ROOT + path).isDirectory())
			return /^\/(posix|right)$/.test(path) ? [] : list(path);
		const isZone = readFileSync(ROOT + path).subarray(0, 4).toString() === 'TZif';
		return isZone && !/^\/(localtime|posixrules|Factory)$/.test(path) ? [path.slice(1)] : [];
	});
}
const say = (zone, timeZoneName) => new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName })
	.formatToParts(AT).find(p => p.type === 'timeZoneName').value;
function nameOf(zone) {
	if (UTC.includes(zone))
		return 'UTC';
	if (GMT.includes(zone))
		return 'Greenwich Mean Time';
	let generic, standard;
	try {
		[generic, standard] = [say(zone, 'longGeneric'), say(zone, 'long')];
	} catch {
		console.error(`unknown to Intl: ${zone}`);
		return null;
	}
	const isPlace = standard === 'Greenwich Mean Time' && generic !== standard;
	return /^GMT/.test(standard) || /^GMT/.test(generic) || isPlace ? null : generic;
}

const zones = list('').sort((a, b) => (a < b ? -1 : 1)).map(id => [id, nameOf(id)]).filter(([, name]) => name);
const names = [...new Set(zones.map(([, name]) => name))].sort((a, b) => (a < b ? -1 : 1));
const macro = name => name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[^A-Za-z]+/g, '_').toUpperCase();
const tzdata = readFileSync(`${ROOT}/tzdata.zi`, 'utf8').split('\n')[0].split(' ').pop();
function lines(cells) {
	const out = [''];
	for (const cell of cells) {
		if (out.at(-1).length + cell.length > 118)
			out.push('');
		out[out.length - 1] += (out.at(-1) ? ' ' : '') + cell;
	}
	return out.join('\n');
}
console.log(`/* NAME(MACRO, "long generic name"), then ZONE("IANA id", MACRO) in ascending order: zones that have no name are not here.
 * Made by tests/data/make/zone_words.mjs: node ${process.version}, ICU ${process.versions.icu}, CLDR ${process.versions.cldr}, `
	+ `names of the system's tzdata ${tzdata}, ${AT.toISOString().slice(0, 10)}. */
#ifdef NAME
${lines(names.map(n => `NAME(${macro(n)}, "${n}")`))}
#endif
#ifdef ZONE
${lines(zones.map(([id, n]) => `ZONE("${id}", ${macro(n)})`))}
#endif`);
console.error(`${zones.length} zones, ${names.length} names`);
