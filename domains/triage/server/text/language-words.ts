// The small words that every language uses all the time. Three of one language and hardly any of another settle what a
// message is written in, faster than any table of n-grams and better on short ones.
import { hashWord } from './features.ts'

const WORDS: Readonly<Record<string, string>> = {
  en: 'the and is to of you it my your for with this that have was are be not but what when how can just we they there will would been from get dont its im i its do did has me on at if so all out about who why where our us please thanks an or by as he she her his than then now know like them had were which because still after before even only any more some want need cant wont been does could should',
  es: 'el la los las de que y en un una por con para no se lo mi su es del al como mas pero muy ya hay esta este esto porque cuando donde tengo tiene hola gracias yo tu nos les sin sobre todo me te si soy son estoy fue ser ha he quiero puedo hace ahora desde hasta nada bien cada eso esa ese',
  fr: 'le la les des du et est en un une pour pas que qui dans sur avec je vous nous il elle ne ce cette mon ma mes votre vos au aux mais ou plus bonjour merci suis ai sont etre par fait cest jai on se sa son tout bien comme si tres depuis tu te toi leur quand aussi y ont etait encore toujours rien meme',
  it: 'il lo la gli le di che e un una per con non si sono mio mia del della dei delle nel nella al alla ma come piu anche questo questa ho hai ha perche quando grazie ciao ci mi ti vi suo era essere molto da se io tu noi dal cosa ora solo poi tutto tutti ancora sempre dopo cosi sul sulla',
  de: 'der die das und ist nicht ich sie wir mit ein eine einen einem einer fur auf von zu den dem des im bei auch aber wie was wenn noch nur schon mein meine ihr ihre haben hat habe wird werden kann bitte danke sich als aus an nach uber oder es er war sind mir mich dass um so am zum zur sehr du man keine seit wieder doch mal hier jetzt immer',
  nl: 'de het een en van ik is dat niet op te met voor zijn in je aan er maar ook om als dan nog bij naar uit wat mijn jullie wij zij hij deze dit heb heeft wordt worden kan geen wel al door over of meer hoe u bent waar waarom graag bedankt kunnen moet moeten was we ze me zo weer echt veel goed toch nu iemand',
  pt: 'o a os as de que e do da em um uma para com nao se por mais mas como ao no na dos das meu minha voce voces eu isso esta ja muito tem sao foi pelo pela quando obrigado obrigada ola estou tenho ele ela nos seu sua vc ser ter ate so tambem porque sem sobre mim te me vou vai fazer agora aqui tudo nada bem esse essa este la pra pro',
  pl: 'nie sie na to jest w z do i ze jak o co ale czy za po od tak mam moj moja dla przez juz tylko jestem bardzo prosze dziekuje byc sa ma mi mnie jego ich tym tego ten ta te ktory ktora gdzie kiedy dlaczego bo przy jeszcze nawet lub oraz byl byla',
  tr: 've bir bu da de icin ne ben sen biz siz ile ama cok gibi daha var yok mi mu degil olarak kadar sonra benim neden nasil tesekkurler lutfen en her sey o diye hic ki ya simdi oldu olan ederim olur beni bana sana',
  sv: 'och att det ar som en pa jag for inte av med den till har ett om vi ni min mitt mina men kan nar hur vad sa nu du han hon de dom eller efter var fran ska skulle har mycket tack hej bara alla aven mig er vara blir blev denna detta under sin',
  da: 'og at det er som en pa jeg for ikke af med den til har et om vi i min mit mine men kan nar hvordan hvad sa nu du han hun de eller efter var fra skal ville meget tak hej kun alle ogsa mig jer vaere bliver blev denne dette under sin hvor hvorfor noget nogle kunne jeres havde efter selv',
  nb: 'og at det er som en pa jeg for ikke av med den til har et om vi i min mitt mine men kan nar hvordan hva sa na du han hun de eller etter var fra skal ville mye takk hei bare alle ogsa meg dere vaere blir ble denne dette under sin hvor hvorfor noe noen kunne deres hadde etter selv opp',
  fi: 'ja on ei se etta en ole mina olen oli han mutta kun niin kuin tai myos jos nyt mita miksi missa teidan kiitos hei vain ovat olla ollut tama sita minun sen joka jotka voi ette voiko siita kanssa mukaan',
  cs: 'je se na to v a ze s z do o jsem jsou ale jak co pro si od po uz jen nebo mi muj moje prosim dekuji dobry den by byl byla bylo kdyz tak jako ktery ktera ktere za pri aby jeho jsme jste mate bude nez nebyl ma k u i',
  hu: 'a az es hogy nem is egy meg van de ez azt ha csak mar mint vagy kell nagyon en te mi koszonom szep jo miert mikor hogyan lehet volt sem fel ki el le be lesz meg majd ami aki ezt minden mert',
  ro: 'si de la in nu pe ca este cu un o sa mai din care ce pentru am ai are sunt dar va fi al cand unde cum multumesc buna nici lui sau daca fost prin acest aceasta foarte dupa se ne le imi mi ii iar toate doar avea',
  vi: 'toi la cua va khong co duoc cho cac mot nguoi nhung voi trong den nay thi ma nhu da se ban minh cam on roi lai vi sao khi nao rat cung ra o di the con gi',
  id: 'yang dan di ini itu tidak dengan untuk saya dari ke ada akan bisa juga kami anda kamu pada atau sudah belum tapi karena apa mau terima kasih oleh dalam telah adalah seorang tersebut namun bahwa saat karena jadi nya aja gak nggak udah lebih menjadi hanya dapat para banyak harus seperti tak ia mereka kata',
  ms: 'boleh awak kepada mahu sahaja iaitu bagi adalah kerana ialah daripada beliau tetapi sekiranya kereta wang bahawa pelbagai syarikat ketika pihak turut serta semalam ringgit malaysia encik akan datang telah mana tak nak',
  ca: 'el la els les de que i en un una per amb no es lo al del com mes pero molt ja hi ha aquest aquesta perque quan on tinc te hola gracies jo tu ens sense tot soc son estic va ser fer ara des fins res be',
  tl: 'ang ng sa na mga ay ko ako mo hindi at para po ka ba lang yung siya ito kung may nang pa naman din kasi ninyo salamat wala namin kayo nila ni niya',
  hi: 'है के में की को से का और हैं पर यह भी नहीं कि एक था मैं मेरा मेरी आप हो कर रहा रहे ने तो इस वह लिए kya hai nahi mera meri mujhe aap kyu kyon bhai yaar karo kar raha rahe rahi tha thi hoon hain apna koi bahut mein abhi kaise jaldi paisa paise hua gaya nahin aur toh bhi kab',
  mr: 'आहे आणि च्या मध्ये नाही आहेत हे या तो ती ते मी माझे होते होता केले करून त्या असे म्हणून काय आपण झाले',
  ru: 'и в не на я что с по это как но у меня мне вы он она они мы за от так же для все был было есть или уже если когда где почему спасибо бы из к до ее его только еще нет вас вам мой моя ваш очень кто о при',
  uk: 'і в не на я що з по це як але у мене мені ви він вона вони ми за від так же для всі був було є або вже якщо коли де чому дякую би із до її його тільки ще немає вас вам мій моя ваш дуже хто та про й',
  bg: 'и в не на аз че с по това как но у мен ми вие той тя те ние за от така да се са е си съм беше има или вече ако кога къде защо благодаря би из до я го само още няма вас ви моят моята вашия много кой при ще като което',
  sr: 'и у не на ја да с по то како али код мене ми ви он она они за од тако је су се или већ ако када где зашто хвала би из до само још нема вас мој моја ваш веома ко при што сам који није као',
  be: 'і ў не на я што з па гэта як але мяне мне вы ён яна яны мы за ад так для усе быў было ёсць або ужо калі дзе чаму дзякуй бы да яе яго толькі яшчэ няма вас мой мая ваш вельмі хто',
  ar: 'في من على لا ما هذا هذه ان الى عن مع كل يا لم هو هي انا التي الذي لكن كان قد او بعد قبل شكرا مش ليش كيف عند بين اي',
  fa: 'و در به از که این را با است برای آن یک هم خود تا بر می من شما اما چرا کجا چون شد های ها بود کرد کنید شده نیست هر ما دارد خیلی ممنون سلام لطفا رو',
  ur: 'اور کے میں کی کو سے کا ہے ہیں پر یہ بھی نہیں کہ ایک تھا آپ ہو کر رہا رہے نے تو اس وہ لیے گیا کیا',
}

export const votingLanguages = Object.keys(WORDS)

const votes = new Map<number, number[]>()
for (const [index, code] of votingLanguages.entries()) {
  for (const word of new Set(WORDS[code]!.split(' '))) {
    const hash = hashWord(word)
    const sharing = votes.get(hash)
    if (sharing === undefined) votes.set(hash, [index])
    else if (!sharing.includes(index)) sharing.push(index)
  }
}

/** The languages (indices of `votingLanguages`) that use this folded word all the time. */
export const languagesOfWord = (hash: number): readonly number[] | undefined => votes.get(hash)
