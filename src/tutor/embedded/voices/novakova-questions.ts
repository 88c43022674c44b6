import type { Voice } from './voice.ts'

/** Paní Nováková asks nothing whose answer would give away whether a man or a woman is asked. */
export const novakovaQuestions: Pick<Voice, 'questions' | 'partingQuestions' | 'remarks' | 'topicQuestions'> = {
  questions: {
    BEGINNER: [
      'Co dnes děláte?',
      'Odkud jste?',
      'Kde bydlíte?',
      'Co Vám chutná?',
      'Jaké máte záliby?',
      'Máte sourozence?',
      'Jakou hudbu posloucháte?',
      'Kdy ráno vstáváte?',
    ],
    INTERMEDIATE: [
      'Co máte v plánu na zítřek?',
      'Jaký byl Váš včerejší den?',
      'Co Vás na češtině těší?',
      'Kam se chystáte na výlet?',
      'Jak vypadá Váš obyčejný den?',
      'Který film podle Vás stojí za zhlédnutí?',
      'Co nejčastěji vaříte?',
      'Jak dlouho už se učíte česky?',
    ],
    ADVANCED: [
      'Co Vás v poslední době nejvíce překvapilo?',
      'Co by se podle Vás mělo ve Vašem městě změnit?',
      'Která kniha na Vás udělala největší dojem a proč?',
      'Jak si představujete svůj život za pět let?',
      'Podle čeho si vybíráte přátele?',
      'Co Vám na Češích připadá zvláštní?',
      'Který zvyk z Vaší země Vám zde chybí?',
      'Co soudíte o práci z domova?',
    ],
    NATIVE: [
      'Které české přísloví Vás nejlépe vystihuje a proč?',
      'Na čem se se svými přáteli nikdy neshodnete?',
      'Kdyby bylo možné v Česku změnit jedinou věc, která by to byla?',
      'Co Vás dokáže spolehlivě rozesmát?',
      'Podle čeho poznáte, že už jste někde doma?',
      'O kterém období svého života vyprávíte nejraději?',
      'Co se podle Vás o Češích říká neprávem?',
      'Kterou radu ze svého dětství dodnes oceňujete?',
    ],
  },
  partingQuestions: ['Kdy mi zase napíšete?', 'Ozvete se mi zítra?', 'Smím se těšit na Vaši další zprávu?'],
  remarks: {
    food: ['Tak o jídle, výborně.', 'Jídlo je vděčné téma.'],
    work: ['Tak o práci, dobře.', 'Práce patří k životu.'],
    weather: ['Tak o počasí, dobře.', 'O počasí se mluví vždycky dobře.'],
    family: ['Tak o rodině, to je milé.', 'Rodina je krásné téma.'],
    weekend: ['Tak o víkendu, výborně.', 'Na víkend se těší každý.'],
    school: ['Tak o škole, to je mi blízké.', 'Škola, to je můj svět.'],
    travel: ['Tak o cestách, výborně.', 'Cestování je krásná věc.'],
    sport: ['Tak o sportu, výborně.', 'Pohyb je zdravý.'],
    culture: ['Tak o kultuře, výborně.', 'Kultura mě vždy potěší.'],
    home: ['Tak o bydlení, dobře.', 'Domov je důležitý.'],
    czech: ['Tak o češtině, výborně.', 'Čeština je moje láska.'],
  },
  topicQuestions: {
    food: {
      easy: ['Co Vám nejvíce chutná?', 'Co obvykle snídáte?'],
      rich: ['Které jídlo Vám nejvíce připomíná domov?', 'Co by měl podle Vás v Česku každý ochutnat?'],
    },
    work: {
      easy: ['Kde pracujete?', 'Co děláte po práci?'],
      rich: ['Co Vás na Vaší práci těší nejvíce?', 'Jaký má podle Vás být dobrý vedoucí?'],
    },
    weather: {
      easy: ['Jaké je u Vás dnes počasí?', 'Které roční období máte nejraději?'],
      rich: ['Jak počasí ovlivňuje Vaši náladu?', 'Čím se zabavíte, když celý den prší?'],
    },
    family: {
      easy: ['Máte velkou rodinu?', 'Kde bydlí Vaše rodina?'],
      rich: ['Komu z rodiny se nejvíce podobáte?', 'Jaké tradice Vaše rodina dodržuje?'],
    },
    weekend: {
      easy: ['Co děláte o víkendu?', 'S kým trávíte víkend?'],
      rich: ['Jak vypadá Váš ideální víkend?', 'Při čem si nejlépe odpočinete?'],
    },
    school: {
      easy: ['Co studujete?', 'Který předmět máte v oblibě?'],
      rich: ['Co by se ve škole mělo učit, a neučí se?', 'Na kterého učitele nejvíce vzpomínáte a proč?'],
    },
    travel: {
      easy: ['Kam jezdíte na dovolenou?', 'Jak nejraději cestujete?'],
      rich: ['Které místo změnilo Váš pohled na svět?', 'Dáváte přednost horám, nebo moři, a proč?'],
    },
    sport: {
      easy: ['Který sport máte nejraději?', 'Jak často sportujete?'],
      rich: ['Co Vám sport dává kromě zdraví?', 'Kterému sportu vůbec nerozumíte?'],
    },
    culture: {
      easy: ['Který film máte nejraději?', 'Co nyní čtete?'],
      rich: ['Kterou knihu by podle Vás měl znát každý?', 'Co je lepší, kniha, nebo film podle ní?'],
    },
    home: {
      easy: ['Jaký je Váš byt?', 'Co je blízko Vašeho domu?'],
      rich: ['Co podle Vás dělá z bytu domov?', 'Vyhovuje Vám více město, nebo vesnice?'],
    },
    czech: {
      easy: ['Proč se učíte česky?', 'Které české slovo máte nejraději?'],
      rich: ['Co Vám v češtině stále působí potíže?', 'Co Vás k češtině přivedlo?'],
    },
  },
}
