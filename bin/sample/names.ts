// People who appear once, by language, and the particulars of their journeys.
import type { Random } from '#platform/random'

const NAMES: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Petra Holloway',
    'Callum Eastwick',
    'Ines Farrow',
    'Duncan Abernathy-Roy',
    'Tilda Quaye',
    'Marlon Pickersgill',
    'Winnie Achebe-Stone',
    'Rory Lindsell',
    'Beatrix Thorne',
    'Elliot Vandersloot',
    'Nkechi Obaro',
    'Saoirse Mulvenna',
    'Gareth Pryce-Hale',
    'Lottie Amankwah',
    'Benedikt Rowe',
    'Hattie Kilbride',
    'Oren Malachi',
    'Freya Stenhouse',
    'Desmond Okpara',
    'Juno Whitlock',
    'Angus Tweedale',
    'Imelda Corrigan',
    'Theo Larkspur',
    'Rosalind Achterberg',
    'Kofi Dartey',
    'Mabel Underhay',
    'Silas Brightmoor',
    'Cleo Papadakou',
    'Rufus Ainslie',
    'Nadia Whitcombe',
    'Percy Olusegun',
    'Agatha Lowrie',
    'Jem Tregarthen',
    'Opal Fairweather',
    'Magnus Fjelde',
    'Thandiwe Mbeki-Hart',
    'Leopold Nash',
    'Verity Okonedo',
    'Casper Wyndham-Lee',
    'Bronagh Daly',
    'Ezra Finkelmann',
    'Minnie Castellan',
    'Hugo Ravenscar',
    'Philippa Adu',
    'Dorian Skelly',
    'Una McGillivray',
    'Barnaby Fitch',
    'Zadie Harcourt',
  ],
  de: [
    'Anneliese Kupferschmid',
    'Torben Haselhorst',
    'Gundula Reitmeier',
    'Ferdinand Voss-Ahlers',
    'Mechthild Zangerl',
    'Kilian Straubinger',
    'Roswitha Ohlendorf',
    'Levin Achterkamp',
  ],
  fr: [
    'Gaspard Delahousse',
    'Élodie Fontvieille',
    'Maxence Truchaud',
    'Solène Karabatic-Roy',
    'Yannick Pellerinot',
    'Clémence Aubrac',
  ],
  es: [
    'Remedios Valcárcel',
    'Íñigo Baztarrica',
    'Lourdes Quintanilla',
    'Fermín Osorio-Paz',
    'Candela Riquelme',
    'Aitor Mendieta',
  ],
  pt: ['Fernanda Queirós', 'Tomé Vilarinho', 'Graça Meireles', 'Zulmira Pacheco', 'Duarte Sobral'],
  tr: ['Gülşen Tekinoğlu', 'Barış Karaçam', 'Feride Yalçınkaya', 'Onur Demirbağ'],
  ar: ['ليلى الحداد', 'سامر قباني', 'نورة الشهري', 'طارق بن يوسف'],
  ja: ['小野寺 健', '藤原 美咲', '高梨 翔', '星野 かおり'],
  hi: ['अनन्या त्रिवेदी', 'मोहित राठी', 'कविता जोशी'],
}

const CITIES = [
  'Lisbon',
  'Gothenburg',
  'Trieste',
  'Cork',
  'Porto',
  'Graz',
  'Bilbao',
  'Reykjavik',
  'Ghent',
  'Bergen',
  'Izmir',
  'Leipzig',
  'Nantes',
  'Thessaloniki',
  'Aberdeen',
  'Turin',
]

export function nameFor(locale: string, chance: Random): string {
  return chance.pick(NAMES[locale] ?? NAMES['en']!)
}

/** What fills the gaps of a screenplay: the same flight and the same reference from its first line to its last. */
export function wordsFor(name: string, locale: string, chance: Random): Record<string, string> {
  const from = chance.pick(CITIES)
  const to = chance.pick(CITIES.filter((city) => city !== from))
  const letters = 'BCDFGHJKLMNPQRSTVWXZ'
  const ref = Array.from({ length: 6 }, () => chance.pick([...letters, '2', '4', '7', '9'])).join('')
  return {
    name: locale === 'ja' ? name.split(' ')[0]! : name.split(' ')[0]!,
    flight: `LMR ${chance.pick(['1', '2', '4', '7'])}${10 + chance.below(89)}`,
    from,
    to,
    ref,
    amount: String(39 + chance.below(210)),
    seat: `${2 + chance.below(27)}${chance.pick([...'ABCDEF'])}`,
    tag: `LMR${100_000 + chance.below(899_999)}`,
    hour: `${6 + chance.below(14)}:${chance.pick(['05', '20', '35', '50'])}`,
  }
}
