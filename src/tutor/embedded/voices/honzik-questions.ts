import type { Voice } from './voice.ts'

/** Honzík asks nothing whose answer would give away whether a man or a woman is asked. */
export const honzikQuestions: Pick<Voice, 'questions' | 'partingQuestions' | 'remarks' | 'topicQuestions'> = {
  questions: {
    BEGINNER: [
      'Co dnes děláš?',
      'Odkud jsi?',
      'Kde bydlíš?',
      'Co ti chutná?',
      'Jaké máš koníčky?',
      'Máš sourozence?',
      'Jakou hudbu posloucháš?',
      'Kdy ráno vstáváš?',
    ],
    INTERMEDIATE: [
      'Co máš v plánu na zítra?',
      'Jaký byl tvůj včerejší den?',
      'Co tě na češtině baví?',
      'Kam tě to láká na výlet?',
      'Jak vypadá tvůj obyčejný den?',
      'Jaký film podle tebe stojí za to vidět?',
      'Co si nejčastěji vaříš?',
      'Jak dlouho už se učíš česky?',
    ],
    ADVANCED: [
      'Co tě v poslední době nejvíc překvapilo?',
      'Co by se podle tebe mělo ve tvém městě změnit?',
      'Která kniha na tebe udělala největší dojem a proč?',
      'Jak si představuješ svůj život za pět let?',
      'Podle čeho si vybíráš přátele?',
      'Co ti na Češích připadá zvláštní?',
      'Jaký zvyk z tvé země tady chybí?',
      'Co si myslíš o práci z domova?',
    ],
    NATIVE: [
      'Které české přísloví na tebe nejvíc sedí a proč?',
      'Na čem se s kamarády nikdy neshodneš?',
      'Kdyby šlo v Česku změnit jedinou věc, která by to byla?',
      'Co tě dokáže spolehlivě vytočit?',
      'Podle čeho poznáš, že už jsi někde doma?',
      'Který rok tvého života by stál za zfilmování?',
      'Co se podle tebe o Češích říká neprávem?',
      'Jakou radu by potřebovalo tvoje patnáctileté já?',
    ],
  },
  partingQuestions: ['Kdy si zase napíšeme?', 'Napíšeš mi zase zítra?', 'Ozveš se mi brzo?'],
  remarks: {
    food: ['Aha, řeč je o jídle.', 'Jídlo, to je moje téma!'],
    work: ['Aha, pracovní téma.', 'Tak práce, dobře.'],
    weather: ['Aha, počasí.', 'Počasí, klasika!'],
    family: ['Aha, rodina.', 'Rodina, to mě zajímá.'],
    weekend: ['Aha, řeč je o víkendu.', 'Víkend, to slyším rád!'],
    school: ['Aha, škola.', 'Tak škola, dobře.'],
    travel: ['Aha, cestování.', 'Cestování, to beru!'],
    sport: ['Aha, sport.', 'Sport, super!'],
    culture: ['Aha, kultura.', 'Kultura, paráda!'],
    home: ['Aha, bydlení.', 'Tak bydlení, jasně.'],
    czech: ['Aha, čeština.', 'Čeština, to je naše téma!'],
  },
  topicQuestions: {
    food: {
      easy: ['Co ti nejvíc chutná?', 'Co obvykle snídáš?'],
      rich: ['Které jídlo ti nejvíc připomíná domov?', 'Co by měl podle tebe v Česku každý ochutnat?'],
    },
    work: {
      easy: ['Kde pracuješ?', 'Co děláš po práci?'],
      rich: ['Co by ti v práci nejvíc usnadnilo život?', 'Podle čeho poznáš dobrého šéfa?'],
    },
    weather: {
      easy: ['Jaké je u tebe dnes počasí?', 'Které roční období máš nejradši?'],
      rich: ['Jak ti počasí mění náladu?', 'Co podnikáš, když celý den prší?'],
    },
    family: {
      easy: ['Máš velkou rodinu?', 'Kde bydlí tvoje rodina?'],
      rich: ['Po kom z rodiny jsi nejvíc?', 'Jaké tradice drží tvoje rodina?'],
    },
    weekend: {
      easy: ['Co děláš o víkendu?', 'S kým trávíš víkend?'],
      rich: ['Jak vypadá tvůj ideální víkend?', 'Při čem si nejlíp odpočineš?'],
    },
    school: {
      easy: ['Co studuješ?', 'Který předmět tě baví?'],
      rich: ['Co by se ve škole mělo učit, a neučí se?', 'Na kterého učitele nejvíc vzpomínáš a proč?'],
    },
    travel: {
      easy: ['Kam jezdíš na dovolenou?', 'Jak nejradši cestuješ?'],
      rich: ['Které místo ti změnilo pohled na svět?', 'Máš radši hory, nebo moře, a proč?'],
    },
    sport: {
      easy: ['Jaký sport máš nejradši?', 'Jak často sportuješ?'],
      rich: ['Co ti sport dává kromě zdraví?', 'Kterému sportu vůbec nerozumíš?'],
    },
    culture: {
      easy: ['Jaký film máš nejradši?', 'Co teď čteš?'],
      rich: ['Kterou písničku by měl znát každý a proč?', 'Co je lepší, kniha, nebo film podle ní?'],
    },
    home: {
      easy: ['Jaký je tvůj byt?', 'Co je blízko tvého domu?'],
      rich: ['Co dělá z bytu domov?', 'Sedí ti víc město, nebo vesnice?'],
    },
    czech: {
      easy: ['Proč se učíš česky?', 'Které české slovo máš nejradši?'],
      rich: ['Co ti v češtině pořád dělá potíže?', 'Co tě k češtině přivedlo?'],
    },
  },
}
