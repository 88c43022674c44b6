/**
 * How Czech sounds are heard wrongly, and how those who read other languages write them: one place of a word at a time,
 * likelier ones first.
 */
const REWRITES: readonly (readonly [heard: RegExp, meant: string])[] = [
  // One sound, two spellings.
  [/mn[eě]/u, 'mě'],
  [/m[eě]/u, 'mně'],
  [/m[jň]e/u, 'mě'],
  [/([bpvf])je/u, '$1ě'],
  [/([bpvf])ě/u, '$1je'],
  [/([dtn])je/u, '$1ě'],
  [/ď[eě]/u, 'dě'],
  [/ť[eě]/u, 'tě'],
  [/ň[eě]/u, 'ně'],
  [/ď([ií])/u, 'd$1'],
  [/ť([ií])/u, 't$1'],
  [/ň([ií])/u, 'n$1'],
  [/^s/u, 'z'],
  [/^z/u, 's'],
  [/^zk/u, 'šk'],
  [/^f/u, 'v'],
  [/^fš/u, 'vš'],
  [/fs/u, 'vs'],
  [/ks/u, 'x'],
  [/kz/u, 'x'],
  [/x/u, 'ks'],
  // Doubled or not.
  [/([bcčdďfghjklmnňprřsštťvzž])\1/u, '$1'],
  [/([aeiouyáéíóúůýě])n([aeiouyáéíóúůýě])/u, '$1nn$2'],
  [/^ne([^j])/u, 'nej$1'],
  [/^nej/u, 'nejj'],
  // A voice is lost at the end, and before consonants.
  [/d$/u, 't'],
  [/t$/u, 'd'],
  [/ť$/u, 'ď'],
  [/b$/u, 'p'],
  [/p$/u, 'b'],
  [/s$/u, 'z'],
  [/z$/u, 's'],
  [/š$/u, 'ž'],
  [/ž$/u, 'š'],
  [/f$/u, 'v'],
  [/k$/u, 'g'],
  [/h$/u, 'ch'],
  [/ch/u, 'h'],
  [/(^|[^c])h/u, '$1ch'],
  [/s/u, 'z'],
  [/z/u, 's'],
  [/t([kc])/u, 'd$1'],
  [/p([kt])/u, 'b$1'],
  [/š([kt])/u, 'ž$1'],
  // Glides.
  [/([aeiou])i/u, '$1j'],
  [/([aeiou])y/u, '$1j'],
  [/ou/u, 'u'],
  [/[úů]/u, 'ou'],
  [/uo/u, 'ů'],
  [/i([aeou])/u, 'ij$1'],
  [/ij([aeou])/u, 'i$1'],
  [/^i/u, 'ji'],
  [/^e/u, 'je'],
  [/^ji/u, 'i'],
  [/js/u, 's'],
  [/^s([eiou])/u, 'js$1'],
  // Consonants that are hard to hear among others.
  [/stn/u, 'stln'],
  [/sn/u, 'stn'],
  [/zn/u, 'zdn'],
  [/sk/u, 'stk'],
  // As Polish, English and German write.
  [/sch/u, 'š'],
  [/shch/u, 'šť'],
  [/sh/u, 'š'],
  [/zh/u, 'ž'],
  [/ch/u, 'č'],
  [/cz/u, 'č'],
  [/sz/u, 'š'],
  [/rz/u, 'ř'],
  [/r[žš]/u, 'ř'],
  [/ts/u, 'c'],
  [/tč/u, 'č'],
  [/kh/u, 'ch'],
  [/w/u, 'v'],
  [/q/u, 'k'],
  [/l['ľ]/u, 'l'],
  [/ľ/u, 'l'],
  [/ô/u, 'ů'],
  [/ä/u, 'ě'],
]

const EVERYWHERE = REWRITES.map(([heard, meant]) => [new RegExp(heard, 'gu'), meant] as const)

/** What a word in lower case may have been meant to be, if one sound of it is written as another. */
export function rewritten(word: string): readonly string[] {
  const found = EVERYWHERE.flatMap(([heard, meant]) =>
    [...word.matchAll(heard)].map(
      ({ index, 0: piece }) => word.slice(0, index) + piece.replace(heard, meant) + word.slice(index + piece.length),
    ),
  )
  return [...new Set(found)].filter((it) => it !== word)
}
