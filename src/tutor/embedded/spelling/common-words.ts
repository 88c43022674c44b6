/**
 * Words that learners use most, in the forms they use. Where several differ by nothing but marks and i or y, the
 * likelier one is first. Names are those that everybody writes about.
 */
const WORDS = `
  a aby ach ahoj ale ani ano asi aspoň až být bez blízko bohužel brzy bude budu budeš budeme budete budou by bych bys
  bychom byste byl byla bylo byli byly co což čau často čí dál dále daleko děkuji děkuju děkujeme den dík díky dnes dneska
  do dobře docela doma domů dole dolů dost dokud dříve fakt hele hlavně hned hodně hrozně i jak jaký jaká jaké jakou jako
  jasně je jeho její jejich jehož jej jemu jen jenom jenže jestli jestliže jeden jedna jedno jedné jednou jednoho jim jí
  jich ještě jiný jiná jiné jinak já jde jdu jdeš jdeme jdou jsem jsi jsou jsme jste k kam kam každý každá každé každou
  kde kdo kdy když kdyby kdybych konečně kolem kolik který která které kterou kterého kterém kteří kvůli líp lépe letos
  loni má mám máš máme máte mají málo méně mě mně mi mezi místo mít moc možná možný možné můj moje má mého mému mém mým
  mou moji mých mými můžu můžeš může můžeme můžete můžou mohou musím musíš musí musíme musíte měl měla mělo měli mimo
  mohl mohla mohli my na nad nás nám námi náš naše našeho našem naší naši ne nebo něco něčeho nějak nějaký nějaká nějaké nějakou
  někam někde někdo někdy některý některé není nejsem nejsi nejsou nejsme nejvíc nejvíce nejdřív nejlepší největší
  nemám nemáš nemá nemáme nemají nemůžu nemůže nemůžeme nevím neví neumím nechci nechce nerad nerada nic nich nikdy
  nikdo nikde než no o od on ona oni ony ono opravdu opět pak pan paní po pod podle pořád potom pozdě právě pro proč
  proto protože prosím před přece přes přesně při prý rád ráda rádi raději radši ráno rovnou s sám sama sami se sebe
  sebou si skoro snad sobě sotva spolu správně spíš stále stejně strašně svůj své svou svoje svého svém svým svých tady
  tak také taky takový taková takové takže takhle tam tatínek tě ten ta to ti této tento tato toto tohle tenhle tahle
  teď tedy těch těm těší toho tom tomu tou třeba třikrát tvůj tvoje tvá tvé tvou tvého tvém ty u určitě už v vám vás
  vámi váš vaše vaší vašeho večer včera včas ve vedle velice velmi venku více víc víckrát vlastně vpravo vlevo však
  všechno všechny všichni všude vůbec vy vždy vždycky vždyť z za začátku zase zatím zdraví zdravím zde zítra znovu zpátky
  že žádný žádná žádné žádnou

  jsem jmenuji jmenuju jmenuješ jmenuje bydlím bydlíš bydlí bydlíme bydlel bydlela pracuji pracuju pracuješ pracuje
  pracoval pracovala pracovat chci chceš chce chceme chtějí chtěl chtěla chtěli chtít dělám děláš dělá děláme dělal dělala
  dělali dělat udělat udělal udělala učím učíš učí učíme učil učila učit učení naučit naučil naučila mluvím mluvíš mluví
  mluvíme mluvil mluvila mluvit rozumím rozumíš rozumí rozuměl rozuměla rozumět umím umíš umí uměl uměla umět znám znáš
  zná znal znala znát vím víš ví víme víte vědí věděl věděla vědět myslím myslíš myslí myslel myslela myslet vidím vidíš
  vidí viděl viděla viděli vidět slyším slyšel slyšela slyšet říkám říkáš říká řekl řekla řekli říct říci čtu čteš čte
  četl četla číst přečetl přečetla píšu píši píšeš píše psal psala psát napsal napsala napsat hraju hraji hraješ hraje
  hrajeme hrál hrála hráli hrát jím jíš jí jíme jedl jedla jedli jíst snídám snídal snídat obědvám obědval obědvat večeřím
  večeřet piju piji pije pil pila pít vařím vaříš vaří vařil vařila vařit uvařil uvařila jedu jedeš jede jedeme jedou jel
  jela jeli jet pojedu pojedeme přijel přijela přijít přišel přišla přišli přijet odjel odešel odejít šel šla šli jít
  půjdu půjdeš půjde půjdeme chodím chodíš chodí chodil chodila chodit jezdím jezdí jezdil jezdila jezdit cestuji
  cestuju cestoval cestovala cestovat spím spí spal spala spát vstávám vstal vstala vstávat odpočívám odpočívat kupuji
  kupuju koupil koupila koupit koupím nakupovat nakupuji stojí stál stála stát platit platím zaplatil zaplatit hledám
  hledal hledat našel našla najít čekám čeká čekal čekala čekat dívám dívá díval dívala dívat poslouchám poslouchá
  poslouchal poslouchat potkal potkala potkat potřebuji potřebuju potřebuje potřeboval potřebovat pomáhám pomáhá pomohl
  pomohla pomoct pomoci ptám ptát zeptat odpovědět začal začala začít začíná končí skončil skončit pamatuju pamatuji
  zapomněl zapomněla zapomenout líbí líbil líbila líbilo líbit miluji miluju miluje milovat žiji žiju žije žijeme žil
  žila žít narodil narodila těším těšíme baví bavilo bolí bolelo chutná chutnalo dám dáš dá dal dala dát vzal vzala vzít
  nevzal volám volal volala volat zavolat studuji studuju studuje studoval studovala studovat sportuji plavu plaval
  plavat běhám běhat běžím tancovat tančím zpívám zpívá zpívat lyžovat lyžuji fotím fotit uklízím uklízet uklidit
  sedím seděl sedět ležím ležet otevřít otevřel zavřít zavřel prší pršelo sněží svítí svítilo doufám věřím věřit
  znamená trvá vypadá vypadal zůstal zůstala zůstat zkouším zkusit zkusil myslela oblékám dostal dostala dostat
  poznal poznala poznat bojím obávám bát smím vybrat vybral vybrala vybírám vysvětlit vysvětlil vysvětlila vyhrát vyhrál vyprávět vypadat
  vyšel vyrobit půjčit půjčil půjčuju půjčuji smím nesmím smět prší nevěděl nerozumím nevidím neznám nejím nepiju nebyl nebyla nebylo
  nebudu nebude nemohl nemohla nechtěl nechtěla neměl neměla

  člověk lidé lidi lidí lidem muž žena ženy ženu dítě děti dětí dětem kluk holka holky rodina rodiny rodině rodinu
  rodinou rodiče rodičů matka máma maminka mámu otec táta taťka bratr bratra bratrem sestra sestru sestry sestrou syn
  dcera dceru dcery manžel manžela manželem manželka manželku manželkou babička babičku babičce děda dědeček dědečka
  strýc teta vnuk přítel přítele přátelé přáteli přátel přítelkyně přítelkyni přítelkyní kamarád kamaráda kamarádem
  kamarádi kamarády kamarádka kamarádku kamarádkou kolega kolegové kolegyně soused sousedka učitel učitelka učitele
  učitelku student studentka studenti žák lékař lékařka doktor doktora zubař prodavač prodavačka číšník řidič inženýr
  jméno příjmení život života životě svět světa světě dům domu domě byt bytu bytě pokoj pokoje pokoji kuchyň kuchyně
  kuchyni koupelna ložnice obývák zahrada zahradě zahradu dveře okno stůl židle židli postel postele posteli skříň
  počítač počítače počítači počítačem telefon mobil televize televizi knížka knížku knížky kniha knihu knihy hudba hudbu
  hudby písnička písničky film filmy divadlo divadla kino kina obraz město města městě městem vesnice vesnici ulice
  ulici náměstí obchod obchodu obchodě restaurace restauraci hospoda hospodě hospody kavárna kavárně kavárny nádraží
  zastávka autobus autobusem autobusu tramvaj tramvají vlak vlakem vlaku letadlo letadlem auto autem kolo kole kola
  letiště cesta cestu cesty řeka řeky les lesa lese hora hory horách moře moři jezero příroda přírodě přírodu přírody
  park parku škola školy škole školu školou třída třídě univerzita univerzitě univerzitu univerzity hodina hodiny hodinu
  hodin úkol úkoly zkouška zkoušku zkoušky zkouškou slovo slova slovíčka slovíčko věta větu věty jazyk jazyka jazyky
  otázka otázku otázky odpověď chyba chyby chybu učebnice práce práci prací kancelář kanceláře kanceláři firma firmě
  firmu šéf plat peníze peněz problém problémy věc věci čas času časem rok roku roky let léta léto létě podzim zima
  zimě zimu jaro jaře měsíc měsíce týden týdne týdnu týdny dny dní dnů víkend víkendu víkendy pondělí úterý středa středu
  čtvrtek pátek sobota sobotu neděle neděli leden únor březen duben květen červen červenec srpen září říjen listopad
  prosinec minuta minut minuty večera odpoledne dopoledne poledne noc noci svátek narozeniny dárek dárky oslava dovolená
  dovolenou prázdniny prázdninách výlet výlety výletě jídlo jídla oběd oběda oběde obědu večeře večeři snídaně snídani
  snídaní chléb chleba rohlík máslo sýr maso kuře ryba ryby rybu polévka polévku polévky brambory rýže rýži těstoviny
  knedlíky knedlík zelenina zeleninu zeleniny ovoce jablko jablka banán cukr sůl vejce mléko voda vodu vody
  káva kávu kávy kafe čaj čaje pivo piva víno džus zmrzlina zmrzlinu dort dorty koláč počasí slunce sluníčko déšť sníh
  vítr teplo teplota mrak mraky bouřka zvíře zvířata pes psa psem kočka kočku kočky kůň ptáci strom stromy květina
  květiny tričko kalhoty boty šaty sukně svetr kabát čepice hlava hlavu oči oko ruka ruce ruku noha nohy srdce zub zuby
  nemoc nemocnice nemocnici lék léky horečka horečku rýma kašel chřipka sport sporty fotbal hokej tenis plavání
  běhání vaření čtení cestování tanec koníček koníčky zpráva zprávy dopis fotka fotky fotografie číslo adresa důvod
  náměstí policie stanice přednáška seminář cvičení gramatika výslovnost slovník překlad čeština češtinu češtiny češtině
  angličtina angličtinu angličtiny angličtině němčina němčinu ruština ruštinu španělština francouzština ukrajinština
  čaje společnost spolupráce příklad příběh příběhy pohádka pravda pravdu štěstí radost láska lásku zážitek zážitky

  dobrý dobrá dobré dobrou dobrého dobrém dobrým špatně špatný špatná špatné velký velká velké velkou velkého velkém malý malá
  malé malou malého nový nová nové novou nového starý stará staré starou mladý mladá mladé mladší starší krásný krásná
  krásné krásně krásnou krásného hezký hezká hezké hezky hezkou ošklivý zajímavý zajímavá zajímavé zajímavě zajímavou
  důležitý důležitá důležité nejdůležitější těžký těžká těžké těžko lehký lehká lehké lehce snadný snadné jednoduchý
  jednoduché rychlý rychlá rychlé rychle pomalý pomalu drahý drahá drahé levný levná levné levně teplý teplá teplé
  studený studená studené horký horké český česká české česky českého českém českou českých německy německý německé
  anglicky anglický anglické rusky ruský ukrajinsky ukrajinský španělsky francouzsky slovensky slovenský veselý smutný
  smutná smutně šťastný šťastná šťastně unavený unavená nemocný nemocná zdravý zdravá zdravé hladový žíznivý hodný
  hodná milý milá milé příjemný příjemná příjemné příjemně oblíbený oblíbená oblíbené oblíbenou vlastní celý celá celé
  celou druhý druhá druhé druhou první třetí poslední příští minulý minulá minulé minulou další jasný modrý modrá
  zelený zelená červený červená červené žlutý bílý bílá černý černá šedý hnědý barevný vysoký vysoká vysoké nízký
  dlouhý dlouhá dlouhé dlouho krátký krátká krátké silný silná slabý čistý špinavý chytrý hloupý slavný slavná různý
  různé různých úžasný úžasná úžasné skvělý skvělá skvělé skvěle výborný výborná výborné výborně lepší horší větší menší
  vyšší nejhezčí nejkrásnější nejoblíbenější hlavní státní rodný bohatý chudý svobodný ženatý vdaná možnost schopný
  studijní pracovní rušný tichý klidný plný prázdný volný volná volno zavřený zavřená zavřeno otevřený otevřená otevřené otevřeno společně

  nula dva dvě tři čtyři pět šest sedm osm devět deset jedenáct dvanáct třináct čtrnáct patnáct šestnáct sedmnáct osmnáct
  devatenáct dvacet třicet čtyřicet padesát šedesát sedmdesát osmdesát devadesát sto tisíc milion první druhý pátý
  šestý sedmý osmý devátý desátý desáté osmé páté šesté sedmé deváté třetím půl čtvrt

  Praha Praze Prahy Prahu Prahou Brno Brně Brna Ostrava Ostravě Plzeň Plzni Olomouc Olomouci Česko Česku Česka Čechy
  Čechách Morava Moravě Evropa Evropě Evropy Německo Německa Německu Anglie Anglii Amerika Ameriky Americe Rusko Ruska
  Rusku Ukrajina Ukrajiny Ukrajině Ukrajinu Slovensko Slovenska Slovensku Polsko Polska Polsku Francie Francii Itálie
  Itálii Španělsko Španělsku Rakousko Rakousku Vietnam Vietnamu Čína Číně Číny Vídeň Vídni Berlín Berlíně Londýn
  Londýně Řecko Řecku Řecka Chorvatsko Chorvatsku Chorvatska Maďarsko Maďarsku Turecko Turecku Bulharsko Bulharsku Švédsko
  Švédsku Norsko Norsku Japonsko Japonsku Bělorusko Bělorusku Rumunsko Rumunsku Egypt Egyptě Indie Indii Paříž Paříži Kyjev Kyjeva Kyjevě Moskva Moskvy Vltava Vltavu Vánoce Vánoc Vánocích Velikonoce Čech Češka
  Češi Čechem Evropské Karlův Karlovy Vary Václav Honza Petr Petra Jana Pavel Tomáš Lukáš Kateřina Lucie Jiří
`

/** In the order of likelihood. */
export const COMMON_WORDS: readonly string[] = [...new Set(WORDS.trim().split(/\s+/u))]
