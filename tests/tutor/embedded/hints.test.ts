import { expect, test } from 'vitest'
import { type Hints, hintsOf } from '../../../src/tutor/embedded/hints.ts'

const nothing: Hints = {
  greets: false,
  thanks: false,
  takesLeave: false,
  asksHowItIs: false,
  asks: false,
  topic: null,
}

test.each<[text: string, hints: Partial<Hints>]>([
  ['Ahoj!', { greets: true }],
  ['Dobrý den, paní Nováková.', { greets: true }],
  ['dobry den', { greets: true }],
  ['Ten den byl dobrý.', {}],
  ['Moc děkuji.', { thanks: true }],
  ['Díky!', { thanks: true }],
  ['Na shledanou!', { takesLeave: true }],
  ['Tak se měj.', {}],
  ['Měj se!', { takesLeave: true }],
  ['Jak se máš?', { asks: true, asksHowItIs: true }],
  ['Jak se máte dnes?', { asks: true, asksHowItIs: true }],
  ['Nevím, jak se máš.', {}],
  ['Líbí se ti to?', { asks: true }],
  ['Mám ráda polévku a kávu.', { topic: 'food' }],
  ['Jdu do práce.', { topic: 'work' }],
  ['Venku prší.', { topic: 'weather' }],
  ['Moje sestra a můj bratr.', { topic: 'family' }],
  ['Co bude o víkendu?', { topic: 'weekend', asks: true }],
  ['Studuju na univerzitě.', { topic: 'school' }],
  ['Rádi cestujeme.', { topic: 'travel' }],
  ['Hraju fotbal.', { topic: 'sport' }],
  ['Čtu knihu.', { topic: 'culture' }],
  ['Bydlím v malém bytě.', { topic: 'home' }],
  ['Čeština je krásná.', { topic: 'czech' }],
  ['O víkendu jsme měli oběd, polévku a zeleninu.', { topic: 'food' }],
  ['Byl jsem doma.', {}],
  ['Chci být sám.', {}],
])('in %s it hears no more than there is', (text, hints) => {
  expect(hintsOf(text)).toEqual({ ...nothing, ...hints })
})
