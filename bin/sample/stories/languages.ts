// Those who write as they speak at home.
import { exchange, story, type Exchange, type Story } from '../screenplay.ts'

export const abroadStories: readonly Story[] = [
  story(
    'hassan',
    'sms',
    'hassan',
    { day: 2, at: '21:05', locale: 'ar', labels: ['booking'], team: 'care' },
    `
    you: السلام عليكم. رحلتي LMR 204 يوم الجمعة مع والدتي، عمرها ٧٩ سنة. هل يمكن أن تجلس بجانبي قرب الباب؟
    @salma(read): وعليكم السلام أستاذ حسن. بكل سرور: نقلتكما إلى المقعدين 2A و2B، بدون أي رسوم. هل تحتاج الوالدة إلى كرسي متحرك حتى الطائرة؟
    you: نعم من فضلك. هي لا تطلب أبداً، لكنها تتعب.
    @salma(read): إذن لن تضطر أن تطلب: سيكون أحد الزملاء في انتظاركما عند المدخل الساعة 6:30، واسمه يوسف.
    you: جزاكم الله خيراً. Sorry, my phone writes English when I am happy.
    @salma(read): فرحتك بأي لغة تصلنا. رحلة سعيدة لكما.
  `,
  ),
  story(
    'ravi',
    'chat',
    'ravi',
    { day: 5, at: '06:50', locale: 'hi', labels: ['booking'], team: 'care' },
    `
    you: नमस्ते। मेरी उड़ान LMR 226 का समय बदल गया है, पर ईमेल में दो अलग-अलग समय लिखे हैं। कौन सा सही है?
    @priya(read): नमस्ते रवि जी। सही समय 14:20 है। दूसरा समय पुराने ईमेल का था, उसे हमने हटा दिया है। असुविधा के लिए क्षमा करें।
    you: धन्यवाद। शाकाहारी भोजन भी लिख दीजिए, पिछली बार भूल गए थे 🙂
    @priya(read): लिख दिया, और इस बार रसोई को मैंने ख़ुद फ़ोन किया है।
    you: बहुत बढ़िया! खाना सचमुच गरम था।
    !resolve
  `,
  ),
  story(
    'delphine-noel',
    'chat',
    'delphine',
    { day: 0, at: '09:05', locale: 'fr', labels: ['booking'], team: 'care' },
    `
    you: Bonjour, c'est encore moi (la poussette). Nous serons cinq à Noël au lieu de quatre : ma belle-mère s'ajoute. Reste-t-il une place sur LMR 204 le 23, pas trop près de moi ?
    !draft: Bonjour Madame Roquevert ! Il reste la 3A et la 24F. D'après votre message, je penche pour
  `,
  ),
]

export const abroadExchanges: readonly Exchange[] = [
  exchange(
    'de-alltag',
    ['chat', 'sms', 'chat'],
    { locale: 'de' },
    [
      'Guten Tag, ich finde meine Buchung {ref} nicht mehr. Sie mich hoffentlich schon?',
      'Mein Flug {flight} geht jetzt um {hour} statt um 7. Um die Zeit fährt bei uns noch nicht einmal der Bäcker.',
      'Darf ich einen Christbaum mitnehmen? Er ist klein und zusammengebunden.',
      'Die Bordkarte zeigt „Herr“. Ich bin seit jeher eine Frau.',
      'Kinderwagen, Kindersitz, Kind: Was davon darf in die Kabine?',
      'Ich bekomme seit Tagen Erinnerungen an einen Flug, der längst war. Er war schön, aber es reicht.',
    ],
    `
    @: Guten Tag, {name}! Ich habe alles vor mir und kümmere mich gleich darum. Einen Augenblick. || Das haben wir gleich. Ihre Buchung {ref} ist da, vollständig und bestätigt.
    you: Danke, ich warte. || Das ging schnell.
    @: Erledigt: Die neue Bestätigung ist unterwegs, und kosten tut es nichts. || So, jetzt stimmt es. Falls die App noch das Alte zeigt: einmal ab- und wieder anmelden.
    you: Wunderbar, vielen Dank! || Sehr freundlich. Schönen Tag noch || Danke, und grüßen Sie den Bäcker
  `,
  ),
  exchange(
    'de-kritik',
    ['reviews'],
    { locale: 'de', labels: ['complaint'], data: { stars: 2 } },
    [
      'Pünktlich gestartet, pünktlich gelandet, dazwischen zwei Stunden kein Wort und kein Wasser.',
      'Der Koffer kam, aber als Rätsel: drei Teile, eine Tüte.',
      'Die Dame am Schalter war reizend. Der Rest des Flughafens nicht, aber dafür können Sie ja nichts. Oder doch?',
    ],
    `
    @: Danke für die offenen Worte. Das Wasser hätte kommen müssen, und gesprochen hätten wir gern auch mit Ihnen. Darf ich Ihnen privat schreiben? || Das tut uns leid. Der Fall liegt jetzt bei mir, Sie hören noch heute, wie es weitergeht.
    you: Sie haben sich gemeldet, das rechne ich an. || Gut. Dann warte ich ab.
  `,
  ),
  exchange(
    'fr',
    ['chat', 'sms', 'chat'],
    { locale: 'fr' },
    [
      'Bonjour, puis-je voyager avec un accordéon ? Il est vieux et il soupire.',
      'Mon vol {flight} est annulé et personne ne décroche. Il y a quelqu’un ?',
      'Je me suis trompée de date, le 12 au lieu du 21. C’est grave ?',
      'Ma grand-mère a besoin d’un fauteuil, mais elle refuse qu’on le dise à voix haute.',
      'La facture est au nom de mon ex-mari. Ce n’est pas une bonne idée.',
    ],
    `
    @: Bonjour {name}, je suis là. Je regarde votre dossier {ref} tout de suite. || Bonjour ! Ce n'est pas grave du tout, on va arranger ça ensemble.
    you: Merci, vous me sauvez || D’accord, j’attends.
    @: C'est fait, sans frais, et la confirmation part à l'instant. || Voilà : tout est noté, discrètement, et quelqu'un vous attendra à l'entrée C.
    you: Parfait, merci beaucoup || Quelle efficacité. Bonne journée à vous
  `,
  ),
  exchange(
    'es',
    ['chat', 'sms'],
    { locale: 'es' },
    [
      'Hola, ¿puedo cambiar el vuelo {flight} al día siguiente? Mi hermana se casa otra vez.',
      'Me han cobrado la maleta dos veces y solo tengo una.',
      '¿El asiento {seat} tiene ventana o tiene pared?',
      'Buenas, perdí la conexión en {to} por culpa del retraso. ¿Dónde duermo?',
    ],
    `
    @: ¡Hola, {name}! Lo miro ahora mismo. La reserva es {ref}, ¿verdad? || Buenas, ya lo veo. Ha sido un fallo nuestro y lo arreglo enseguida.
    you: Sí, esa misma || Gracias, aquí espero
    @: Hecho, y sin coste. Le llega la confirmación en un minuto. || Tiene hotel a cinco minutos del aeropuerto, ya pagado, y asiento en el primer vuelo de mañana.
    you: ¡Muchísimas gracias! || Qué rapidez. Un saludo
  `,
  ),
  exchange(
    'pt',
    ['chat', 'sms'],
    { locale: 'pt' },
    [
      'Bom dia, o {flight} sai mesmo às {hour}? O meu filho não acredita em mim nem na aplicação.',
      'Boa tarde. Comprei dois bilhetes e recebi três. De quem é o terceiro?',
      'Posso levar um queijo da serra na mala de mão? É mole, mas tem carácter.',
      'O lugar {seat} não reclina. Eu também não, mas gostava de tentar.',
    ],
    `
    @: Bom dia, {name}! Sai, sim, acabei de confirmar. || Olá! Já vi o que se passa com a {ref}; é coisa nossa e resolve-se já.
    you: Obrigado, vou mostrar-lhe isto || Está bem, aguardo
    @: Está tratado. Se precisar de mais alguma coisa, é só escrever. || Resolvido, sem custos. Boa viagem!
    you: Muito obrigada 🌞 || Impecável
  `,
  ),
  exchange(
    'tr',
    ['chat', 'sms'],
    { locale: 'tr' },
    [
      'Merhaba, {flight} uçuşunda bebek arabası kapıya kadar gelebilir mi?',
      'İyi akşamlar, biletimi iptal ettim ama para hâlâ gelmedi. {ref}',
      'Annem ilk kez uçacak, ona kim yardım eder?',
      'Koltuk {seat} cam kenarı mı? Kızım bulutları saymak istiyor.',
    ],
    `
    @: Merhaba {name}, hemen bakıyorum. || İyi günler! Kaydınız {ref} önümde, merak etmeyin.
    you: Teşekkür ederim, bekliyorum || Tamam
    @: Hallettim, ücretsiz. Onay e-postanız yolda. || Kapıda bir arkadaşımız karşılayacak ve uçağa kadar eşlik edecek.
    you: Çok naziksiniz, sağ olun 🙏 || Süper, teşekkürler
  `,
  ),
  exchange(
    'ar',
    ['sms', 'chat'],
    { locale: 'ar' },
    [
      'مرحباً، هل يمكنني إضافة حقيبة ثانية إلى الحجز {ref}؟',
      'تأخرت رحلتي {flight} ثلاث ساعات ولم يخبرنا أحد بشيء.',
      'أريد مقعداً بجانب النافذة لابنتي، فهي تحب الغيوم ☁️',
    ],
    `
    @: أهلاً بك. وجدت حجزك {ref} وسأرتب الأمر حالاً. || أهلاً، نعتذر عما حدث. دعني أنظر في الرحلة الآن.
    you: شكراً لك || بانتظارك
    @: تم، وبدون رسوم. يصلك التأكيد خلال دقيقة. || تم تغيير المقعد، وتعويض التأخير في طريقه إليك.
    you: ممتاز، شكراً جزيلاً 🌹 || الله يعطيك العافية
  `,
  ),
  exchange(
    'ja',
    ['chat'],
    { locale: 'ja' },
    [
      '{flight}便の座席を変更したいのですが、可能でしょうか。',
      '予約番号{ref}の領収書を会社名でお願いできますか。',
      '機内に三味線を持ち込みたいです。長さは97センチです。',
    ],
    `
    @: お問い合わせありがとうございます。ただいま確認いたしますので、少々お待ちください。
    you: よろしくお願いします。 || はい、待っています。
    @: お手続きが完了しました。料金はかかりません。確認のメールをお送りいたします。
    you: 助かりました。ありがとうございます。
  `,
  ),
  exchange(
    'hi',
    ['chat', 'sms'],
    { locale: 'hi' },
    ['मेरा बैग {flight} से नहीं आया। टैग {tag} है।', 'क्या मैं अचार ले जा सकता हूँ? माँ ने बनाया है, तीन डिब्बे।'],
    `
    @: नमस्ते! मैं अभी देखती हूँ, एक मिनट दीजिए। || जी, बिल्कुल। चेक-इन बैग में जितना चाहें।
    you: ठीक है, धन्यवाद || वाह, माँ ख़ुश होंगी
    @: सब ठीक हो गया है। कुछ और चाहिए तो यहीं लिखिए। || आपका दिन शुभ हो!
  `,
  ),
  exchange(
    'emoji',
    ['sms', 'murmur', 'chat'],
    {},
    ['✈️🕐❓', '😭🧳❓❓ {tag}', '👶👶✈️ 💺💺 = ❓', 'k'],
    `
    @: ✈️ leaves at {hour}, 💺 {seat}, and there is ☕ at gate B. || 🧳 is in {to}, it comes with the next one. 😭 no longer needed, we hope. || If this is about {ref}: all is in order. If not, a word or two would help me.
    you: ❤️ || 👍👍 || ok sorry was in a meeting. all good
    !resolve
  `,
  ),
]
