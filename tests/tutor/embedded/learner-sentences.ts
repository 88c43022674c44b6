/*
 * What learners write. Made up for this project.
 */

/** Sentences with misspelled words, some of which are other words by chance, and the same spelled right. */
const MISSPELLED = `
vcera jsem byl v praze | včera jsem byl v Praze
Dobrý den, jmenuji se Anna a ucim se cesky. | Dobrý den, jmenuji se Anna a učím se česky.
Dekuji, mam se dobre. | Děkuji, mám se dobře.
Bydlym v Brně uš dva roky. | Bydlím v Brně už dva roky.
Můj bratr mislí, že čeština je težká. | Můj bratr myslí, že čeština je těžká.
Zitra pujdu do skoly. | Zítra půjdu do školy.
Mam rad ceskou hudbu a pivo. | Mám rád českou hudbu a pivo.
Moje přítelkine se jmenuje Olga. | Moje přítelkyně se jmenuje Olga.
Prosim vas, kde je nadrazi? | Prosím vás, kde je nádraží?
O vikendu jsme byli na vylete v horach. | O víkendu jsme byli na výletě v horách.
Nerozumim, muzete to opakovat? | Nerozumím, můžete to opakovat?
Rano piju kavu a snidam rohlik. | Ráno piju kávu a snídám rohlík.
Mužu se na něco zeptat? Nemužu to najít. | Můžu se na něco zeptat? Nemůžu to najít.
Zíma je tady velmi studená. | Zima je tady velmi studená.
Muj oblibeny film je o psovi. | Můj oblíbený film je o psovi.
Moje babyčka vaří výborné knedliky. | Moje babička vaří výborné knedlíky.
Chtela bych bydlet v Praze, protoze je krasna. | Chtěla bych bydlet v Praze, protože je krásná.
Jsem unaveny, protoze jsem spatne spal. | Jsem unavený, protože jsem špatně spal.
Ve středu mám skoušku z češtiny. | Ve středu mám zkoušku z češtiny.
Mněl jsem moc práce. | Měl jsem moc práce.
Dnes je hezke pocasi, sviti slunce. | Dnes je hezké počasí, svítí slunce.
Kazdy den jezdim tramvaji do prace. | Každý den jezdím tramvají do práce.
Rád hraju fotbal a čtu knižky. | Rád hraju fotbal a čtu knížky.
V lete pojedeme k mori do italie. | V létě pojedeme k moři do Itálie.
Můj kamrád je z Ukrajiny a pracuje v restauracy. | Můj kamarád je z Ukrajiny a pracuje v restauraci.
Viděl jsem v zoo velikého slona a oppici. | Viděl jsem v zoo velikého slona a opici.
Neviděl jsem tě dlohu, jak se máš? | Neviděl jsem tě dlouho, jak se máš?
Děkuju za pomoz s úkolem. | Děkuju za pomoc s úkolem.
Mama vari obed a tata cte noviny. | Máma vaří oběd a táta čte noviny.
Kdy zacina film v kine? | Kdy začíná film v kině?
Včera jsem kůpil nové boty. | Včera jsem koupil nové boty.
Jedl jsem objed v hospodje. | Jedl jsem oběd v hospodě.
Dyž prší, jsem doma. | Když prší, jsem doma.
Na shledanou, bilo to moc príjemné. | Na shledanou, bylo to moc příjemné.
Rodice bydli na vesnici blizko lesa. | Rodiče bydlí na vesnici blízko lesa.
Mluvýte anglicky nebo německi? | Mluvíte anglicky nebo německy?
Zajimam se o historii a politiku. | Zajímám se o historii a politiku.
Potrebuju novy pocitac, stary je pomaly. | Potřebuju nový počítač, starý je pomalý.
Fčera jsem šel spát pozdě. | Včera jsem šel spát pozdě.
Bylo mi zima, protože jsem zapoměl kabát. | Bylo mi zima, protože jsem zapomněl kabát.
Chci vjědět, kolik to stojí. | Chci vědět, kolik to stojí.
V sobotu rano jsme jeli vlakem do Plzne. | V sobotu ráno jsme jeli vlakem do Plzně.
Moje sestra studije medicinu na univerzite. | Moje sestra studuje medicínu na univerzitě.
Libi se mi ceske hory, hlavne na podzim. | Líbí se mi české hory, hlavně na podzim.
Nevim, co mam delat. | Nevím, co mám dělat.
Ziju tady sam, ale mam hodne pratel. | Žiju tady sám, ale mám hodně přátel.
Prijdu v sest hodin vecer. | Přijdu v šest hodin večer.
Kolik je hodyn? Musim jit domu. | Kolik je hodin? Musím jít domu.
Pocházým z Vietnamu a pracuju tady jako kuchař. | Pocházím z Vietnamu a pracuju tady jako kuchař.
Moje deti chodi do ceske skolky. | Moje děti chodí do české školky.
Učím se česky, protože chci zustat v česku. | Učím se česky, protože chci zůstat v Česku.
Nejdůležitejší je zdraví a rodina. | Nejdůležitější je zdraví a rodina.
Můj manžel rát vaří, já radeji peču. | Můj manžel rád vaří, já raději peču.
Bojim se, ze neudelam zkousku. | Bojím se, že neudělám zkoušku.
Zavolám ti pozdějí, teď nemám čaš. | Zavolám ti později, teď nemám čas.
Jak se řekne toto slovo česki? | Jak se řekne toto slovo česky?
Tuto knihu jsem četl už dvakrat. | Tuto knihu jsem četl už dvakrát.
Včera večer jsme se dívali na televizy. | Včera večer jsme se dívali na televizi.
Moje kočka se jmenuje Micka a je moc mila. | Moje kočka se jmenuje Micka a je moc milá.
Ahoi, jak se más? | Ahoj, jak se máš?
Abysme stihli vlak, musíme jít hned. | Abychom stihli vlak, musíme jít hned.
Obchod je otevreny od osmi do sesti. | Obchod je otevřený od osmi do šesti.
Slyšel jsem zajímavou přednášku o Karlu čapkovi. | Slyšel jsem zajímavou přednášku o Karlu Čapkovi.
Doufam, ze bude zitra pekne. | Doufám, že bude zítra pěkně.
Vlak měl spoždění a já jsem prišel pozdě. | Vlak měl zpoždění a já jsem přišel pozdě.
Rozumýte mně dobře? | Rozumíte mně dobře?
Bratr má nejřadši polévku. | Bratr má nejradši polévku.
Kde se dá kůpit jízdenka na metro? | Kde se dá koupit jízdenka na metro?
Tady je hodne lidi a malo mista. | Tady je hodně lidí a málo místa.
Dobry vecer, chtel bych objednat stul pro dva. | Dobrý večer, chtěl bych objednat stůl pro dva.
Mohu platit kartou? Nemam hotovost. | Mohu platit kartou? Nemám hotovost.
Pracuji jako ucitelka v materske skole. | Pracuji jako učitelka v mateřské škole.
Bylo tam krásně, moc se nam to líbylo. | Bylo tam krásně, moc se nám to líbilo.
Musím ještě uklidyt byt a vyprat. | Musím ještě uklidit byt a vyprat.
Naše zahrada je plna květin a strómů. | Naše zahrada je plná květin a stromů.
Tvůj pes je opravdu chitrý! | Tvůj pes je opravdu chytrý!
Stale delam chyby v gramatice. | Stále dělám chyby v gramatice.
Na podzym sbíráme houby v lese. | Na podzim sbíráme houby v lese.
Ten dort je výborní, dám si jěště kousek. | Ten dort je výborný, dám si ještě kousek.
Každé ráno běhám v parku, přestože je mi zyma. | Každé ráno běhám v parku, přestože je mi zima.
Nejsem si jistí, jestli tomu rozumým. | Nejsem si jistí, jestli tomu rozumím.
Moje oblíbené roční obdopí je jaro. | Moje oblíbené roční období je jaro.
Jsem v Praze prvný den a všechno je nové. | Jsem v Praze první den a všechno je nové.
Uplně jsem na to zapoměla, promiňte. | Úplně jsem na to zapomněla, promiňte.
Máš čas v patek odpoledne? | Máš čas v pátek odpoledne?
Nemám peníse na dovolenou. | Nemám peníze na dovolenou.
Vidim, ze jsi smutny. Co se stalo? | Vidím, že jsi smutný. Co se stalo?
Dám si svíčkovou a pomerančoví džus. | Dám si svíčkovou a pomerančový džus.
Rád bych se naučil tancovat a zpivat. | Rád bych se naučil tancovat a zpívat.
V zimě lyžujeme v Krkonoších a v létě plaveme v řekě. | V zimě lyžujeme v Krkonoších a v létě plaveme v řece.
Proč je čeština tak obtižná? | Proč je čeština tak obtížná?
Narozdíl ode mě má sestra ráda zimu. | Na rozdíl ode mě má sestra ráda zimu.
Ikdyž jsem unavená, jdu cvičit. | I když jsem unavená, jdu cvičit.
Musime si pospisit, autobus nam ujede. | Musíme si pospíšit, autobus nám ujede.
Gratuluju k narozeninam, preju hodne stesti! | Gratuluju k narozeninám, přeju hodně štěstí!
Ceska kuchyne je dobra, ale tezka. | Česká kuchyně je dobrá, ale těžká.
Dnes mě bolý hlava a mám rímu. | Dnes mě bolí hlava a mám rýmu.
Prestěhoval jsem se sem pred rokem. | Přestěhoval jsem se sem před rokem.
Pani ucitelka nam vysvetlila novou gramatiku. | Paní učitelka nám vysvětlila novou gramatiku.
Cekam na autobus uz dvacet minut. | Čekám na autobus už dvacet minut.
`

/** Sentences in which no word is misspelled, whatever else they are. */
const RIGHT = `
Ahoj, jak se máš?
Dobrý den, jmenuji se Xiaoming a jsem z Číny.
Včera jsem byl v Praze a viděl jsem Karlův most.
Moje kamarádka Oksana přijela z Kyjeva.
Mám ráda kávu bez cukru.
Napiš mi na petr.novak@example.com nebo na www.honzik.cz.
Učím se česky už 3 roky, 2x týdně.
V pondělí začínám v nové práci.
To je dobrej nápad!
Dneska je hrozná zima, minus 10 °C.
Bydlím na Žižkově s manželem a dvěma dětmi.
Prosím tě, kde máš klíče?
Četl jsem knihu „The Trial“ od Kafky.
Rád poslouchám Beatles a Karla Gotta.
Můžu si objednat pizzu a minerálku?
Nevím, jestli přijdu, mám moc práce.
Chtěla bych se zeptat, kolik stojí lístek.
Na shledanou zítra!
Moje máma vaří nejlepší guláš na světě.
Minulý týden jsme jeli vlakem do Olomouce.
Znáte nějakou dobrou restauraci v centru?
Jsem tady poprvé a nikoho neznám.
Kdybych měl čas, cestoval bych víc.
Včera večer pršelo, tak jsme zůstali doma.
Pracuju jako programátor ve firmě Google.
Můj syn chodí do první třídy.
Jím hodně zeleniny, např. mrkev a okurku.
To je těžká otázka, musím o ní přemýšlet.
Vstávám v šest hodin a snídám chleba s máslem.
Líbí se mi česká příroda, hlavně Šumava.
Koupila jsem si nové boty za 1200 Kč.
Nejraději mám jaro, protože všechno kvete.
Dívali jsme se na film a pak jsme šli spát.
Jirka s Terezou mají malé dítě.
Sejdeme se před divadlem v sedm večer.
Umíš hrát na kytaru nebo na klavír?
Slyšela jsi, co se stalo?
Nemůžu najít svůj telefon.
Tady v Brně je hezky.
Děkuji vám za pomoc, jste moc hodní.
Jmenuju se John Smith a pocházím z Texasu.
Češi prý pijí hodně piva.
Ta polévka je moc slaná.
Musím jít k lékaři, bolí mě v krku.
Hledám byt blízko metra.
Nerozumím slovu „brambory“.
Fotbal mě nebaví, radši plavu.
Ve škole se učíme o Karlu IV.
Až se vrátím, zavolám ti.
Moje babička se narodila na Slovensku.
Studuji medicínu na Univerzitě Karlově.
O víkendu půjdeme na houby.
Kolik je hodin?
Mám hlad a žízeň.
Promiňte, že jdu pozdě.
Čtu noviny každé ráno.
Je mi dvacet pět let.
Dal bych si jedno pivo, prosím.
Vlak do Ostravy jede ve 14:30.
Letos pojedeme na dovolenou do Chorvatska.
Strýček má na vesnici krávy, slepice a kozy.
Přemýšlím o tom, že bych se přestěhovala.
Ten obraz namaloval slavný malíř.
Neumím vařit, ale rád jím.
Venku sněží a děti staví sněhuláka.
Hezký den!
Co děláš dneska večer?
Zapomněl jsem deštník v tramvaji.
Tvoje čeština je lepší než moje.
Psala jsem test a dostala jsem jedničku.
Bráška má nový počítač.
Jsem rád, že jsi tady.
Podle mě je Praha nejkrásnější město v Evropě.
Chodím plavat dvakrát týdně.
Kde se tady dá zaparkovat?
Na Vánoce pečeme cukroví.
Myslím, že máte pravdu.
Dnes jsem nic nedělal, jen jsem odpočíval.
Kočka spí na gauči a pes hlídá dům.
Mám čtyři sourozence, tj. dva bratry a dvě sestry.
Jak dlouho už žijete v Česku?
Bál jsem se, že mi ujede autobus.
Pošlu ti fotku přes WhatsApp.
Přeju ti všechno nejlepší k narozeninám!
Naše učitelka je přísná, ale spravedlivá.
Šli jsme pěšky přes celé město.
Ukážeš mi cestu na nádraží?
Můj dědeček byl za války v Anglii.
Sluníčko svítí a ptáci zpívají.
Rýma už je pryč, ale kašel zůstal.
Zítra mám volno, tak budu uklízet.
Přečetla jsem tu knihu za dva dny.
Bez mobilu bych nemohl žít.
Těším se na léto!
Mluvím rusky, anglicky a trochu německy.
Kdo to řekl?
Hraju šachy, ale většinou prohraju.
Chci si koupit auto, ale je to drahé.
Podívej se na https://example.com/cesta, tam to je.
Díky #čeština mám nové kamarády :-)
`

const lines = (text: string): string[] => text.trim().split('\n')

export interface LearnerSentence {
  readonly written: string
  readonly meant: string
}

export const misspelledSentences: readonly LearnerSentence[] = lines(MISSPELLED).map((line) => {
  const [written = '', meant = ''] = line.split(' | ')
  return { written, meant }
})

export const rightSentences: readonly string[] = lines(RIGHT)
