import { TOPICS, type Topic } from './kinds.ts'
import { bare } from './spelling/letters.ts'

/** What single words give away of a text; nothing of it is understood. */
export interface Hints {
  readonly greets: boolean
  readonly thanks: boolean
  readonly takesLeave: boolean
  readonly asksHowItIs: boolean
  readonly asks: boolean
  readonly topic: Topic | null
}

/** Beginnings of words without marks. */
const STEMS: Readonly<Record<Topic, RegExp>> = {
  food: / (?:jidl|jist |jim |jedl|obed|snida|vecer[ei] |kav[aueou]|kafe|pivo|caj |chutn|vari[ml]|varit|restaurac|hospod|polevk|chleb|zelenin|ovoce)/gu,
  work: / (?:prac[eiou]|pracuj|pracov|zamestn|firm[aeuy]|kancelar|sef |kolega|kolegy|kolegov)/gu,
  weather: / (?:pocasi|prsi|prselo|snezi|snih|slunc|slunick|teplo |zima |vitr|dest |desti)/gu,
  family:
    / (?:rodin|rodic|matk|mam[aou] |maminka|otec|otce |tata |tatin|bratr|sestr|babick|dedec|manzel|syn |dcer|deti |ditete|sourozen)/gu,
  weekend: / (?:vikend|sobot|nedel[ei] )/gu,
  school: / (?:skol[aeyuo]|stud[uoe]|univerzit|ucitel|zkousk|trid[aeuy] |predmet)/gu,
  travel: / (?:cestov|cestuj|vylet|dovolen|letadl|letist|hory |horach|mor[ei] |prazdnin|hotel)/gu,
  sport: / (?:sport|fotbal|hokej|tenis|plav[aue]|beha[mt]|lyz|cvici|posilov|trenink)/gu,
  culture: / (?:film|kino |kina |kine |divadl|knih|knizk|hudb|hudeb|pisnic|koncert|muze|obraz|serial)/gu,
  home: / (?:bydl|byte |bytu |dum |pokoj|kuchyn|zahrad|mest[aoe] |vesnic|soused)/gu,
  czech: / (?:cestin|cesky|gramatik|slovick|slovnik|vyslovn|jazyk)/gu,
}

/** @param text with its spelling corrected, since only whole words count */
export function hintsOf(text: string): Hints {
  const words = ` ${bare(text.toLowerCase())
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()} `
  const asksHowItIs = / jak se (?:mas|mate|vam|ti) | jak to jde | jak se vede /u.test(words)
  return {
    greets: /^ (?:ahoj\p{L}*|cau|cus|nazdar|zdravim|dobr[yeou]+ (?:den|rano|vecer|odpoledne)|hezky den)/u.test(words),
    thanks: / (?:dik|diky|dekuj[iu]|dekujeme) /u.test(words),
    takesLeave: / (?:na shledanou|nashle|sbohem|dobrou noc|mej se|mejte se|zatim ahoj|papa) /u.test(words),
    asksHowItIs: asksHowItIs && text.includes('?'),
    asks: text.includes('?'),
    topic: topicOf(words),
  }
}

/** The topic that most words are about; of several, the first in the list. */
function topicOf(words: string): Topic | null {
  const counted = TOPICS.map((topic) => ({ topic, count: words.match(STEMS[topic])?.length ?? 0 }))
  const [best] = counted.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count)
  return best?.topic ?? null
}
