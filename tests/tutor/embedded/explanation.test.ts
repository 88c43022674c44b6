import { describe, expect, test } from 'vitest'
import { explained, slipOf } from '../../../src/tutor/embedded/explanation.ts'
import { honzik } from '../../../src/tutor/embedded/voices/honzik.ts'
import { novakova } from '../../../src/tutor/embedded/voices/novakova.ts'
import { formalIn, informalIn } from '../prompts/address.ts'
import { CORRECTIONS } from './corrections.ts'

const pairs = Object.values(CORRECTIONS).flat()

const honziks = (original: string, corrected: string): string =>
  explained({ original, corrected }, honzik.explanations, 'BALANCED')

describe('a mistake is explained by what is wrong:', () => {
  test.each([
    ['vcera', 'včera', 'Chybí ti tu háček (č).'],
    ['pritel', 'přítel', 'Chybí ti tu háček (ř) a čárka (í).'],
    ['nejdulezitejsi', 'nejdůležitější', 'Chybí ti tu háčky (ž, ě, š), čárka (í) a kroužek (ů).'],
    ['rýchle', 'rychle', 'Místo „ý“ sem dej „y“.'],
    ['ůterý', 'úterý', 'Na začátku slova piš „ú“, uvnitř a na konci většinou „ů“.'],
    ['mislím', 'myslím', 'Tady piš „y“, ne „i“.'],
    ['bydlym', 'bydlím', 'Tady piš „í“, ne „y“.'],
    ['praha', 'Praha', 'Je to jméno, piš ho s velkým písmenem.'],
    ['cesko', 'Česko', 'Chybí ti tu háček (č). Je to jméno, piš ho s velkým písmenem.'],
    ['mněl', 'měl', 'Pozor na „mě“ a „mně“, tady piš „měl“.'],
    ['objed', 'oběd', 'Pozor na „je“ a „ě“, tady piš „oběd“.'],
    ['skouška', 'zkouška', 'Na začátku piš „z“, ne „s“.'],
    ['oppice', 'opice', 'Pozor na zdvojená písmena, piš „opice“.'],
    ['narozdíl', 'na rozdíl', 'Piš to zvlášť: „na rozdíl“.'],
    ['hospda', 'hospoda', 'Tohle slovo piš „hospoda“.'],
    ['ťežký', 'těžký', 'Tohle slovo piš „těžký“.'],
    ['Ahoi', 'Ahoj', 'Tohle slovo piš „Ahoj“.'],
  ])('%s → %s', (original, corrected, explanation) => {
    expect(honziks(original, corrected)).toBe(explanation)
  })

  test('shortly, in the voice of whoever explains', () => {
    for (const [original, corrected] of pairs) {
      const [his, hers] = [honzik, novakova].map(({ explanations }) =>
        explained({ original, corrected }, explanations, 'BALANCED'),
      )
      expect(his?.length).toBeLessThan(110)
      expect(formalIn(his ?? '')).toEqual([])
      expect(informalIn(hers ?? '')).toEqual([])
      expect(his).not.toBe(hers)
    }
  })

  test('with the rule as well when it is to be detailed', () => {
    const detailed = (original: string, corrected: string) =>
      explained({ original, corrected }, novakova.explanations, 'DETAILED')
    expect(detailed('mislím', 'myslím')).toBe(
      'Zde píšeme „y“, nikoli „i“. Obě písmena se čtou stejně, liší se jen v psaní.',
    )
    expect(detailed('libi', 'líbí')).toBe('Zde Vám chybí čárka (í). Čárka hlásku prodlužuje.')
    expect(detailed('vcera', 'včera')).toBe('Zde Vám chybí háček (č). Háček mění výslovnost.')
    expect(detailed('hospda', 'hospoda')).toBe('Toto slovo píšeme „hospoda“.')
  })
})

test('the kind of a slip is told apart for every correction', () => {
  const kinds = new Set(pairs.map(([original, corrected]) => slipOf({ original, corrected })))
  expect([...kinds].sort()).toEqual(
    [
      'apart',
      'beginning',
      'capital',
      'doubled',
      'iOrY',
      'je',
      'missing',
      'mne',
      'otherMark',
      'ring',
      'spelling',
    ].sort(),
  )
})
