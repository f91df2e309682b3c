// Character references as mail uses them: all numeric ones, and the names of HTML 4. What is not known stays as written,
// which is safe wherever the result is escaped again.

const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave ' +
  'Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc ' +
  'Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc ' +
  'iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

const others: Readonly<Record<string, string>> = {
  ...{ quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", QUOT: '"', AMP: '&', LT: '<', GT: '>', COPY: '©', REG: '®' },
  ...{ Tab: '\t', NewLine: '\n', colon: ':', semi: ';', comma: ',', period: '.', sol: '/', bsol: '\\', lpar: '(' },
  ...{ rpar: ')', num: '#', equals: '=', excl: '!', quest: '?', commat: '@', percnt: '%', lowbar: '_', hyphen: '-' },
  ...{ OElig: 'Œ', oelig: 'œ', Scaron: 'Š', scaron: 'š', Yuml: 'Ÿ', fnof: 'ƒ', circ: 'ˆ', tilde: '˜', ensp: ' ' },
  ...{ emsp: ' ', thinsp: ' ', zwnj: '\u200C', zwj: '\u200D', lrm: '\u200E', rlm: '\u200F', ndash: '–', mdash: '—' },
  ...{ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', dagger: '†', Dagger: '‡', bull: '•' },
  ...{ hellip: '…', permil: '‰', prime: '′', Prime: '″', lsaquo: '‹', rsaquo: '›', oline: '‾', frasl: '⁄', euro: '€' },
  ...{ image: 'ℑ', weierp: '℘', real: 'ℜ', trade: '™', alefsym: 'ℵ', larr: '←', uarr: '↑', rarr: '→', darr: '↓' },
  ...{ harr: '↔', crarr: '↵', lArr: '⇐', uArr: '⇑', rArr: '⇒', dArr: '⇓', hArr: '⇔', forall: '∀', part: '∂' },
  ...{ exist: '∃', empty: '∅', nabla: '∇', isin: '∈', notin: '∉', ni: '∋', prod: '∏', sum: '∑', minus: '−' },
  ...{ lowast: '∗', radic: '√', prop: '∝', infin: '∞', ang: '∠', and: '∧', or: '∨', cap: '∩', cup: '∪', int: '∫' },
  ...{ there4: '∴', sim: '∼', cong: '≅', asymp: '≈', ne: '≠', equiv: '≡', le: '≤', ge: '≥', sub: '⊂', sup: '⊃' },
  ...{ nsub: '⊄', sube: '⊆', supe: '⊇', oplus: '⊕', otimes: '⊗', perp: '⊥', sdot: '⋅', lceil: '⌈', rceil: '⌉' },
  ...{ lfloor: '⌊', rfloor: '⌋', lang: '〈', rang: '〉', loz: '◊', spades: '♠', clubs: '♣', hearts: '♥', diams: '♦' },
  ...{ check: '✓', star: '☆', starf: '★', phone: '☎', zwsp: '\u200B', ZeroWidthSpace: '\u200B', NoBreak: '\u2060' },
}

const greek =
  'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi Omega'

const named = new Map<string, string>([
  ...latin1.split(' ').map((name, index) => [name, String.fromCodePoint(160 + index)] as const),
  ...greek
    .split(' ')
    .flatMap((name, index) => [
      [name, String.fromCodePoint(0x391 + index)] as const,
      [name.toLowerCase(), String.fromCodePoint(0x3b1 + index)] as const,
    ]),
  ['sigmaf', 'ς'],
  ...Object.entries(others),
])

/** What browsers take for 128 to 159: the characters of windows-1252 that stand there. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Names that count without a semicolon too. */
const bare = new Set(['nbsp', 'lt', 'gt', 'amp', 'quot', 'copy', 'reg', 'LT', 'GT', 'AMP', 'QUOT'])

const reference = /&(?:#(\d{1,10})|#[xX]([0-9a-fA-F]{1,10})|([a-zA-Z][a-zA-Z0-9]{1,20}))(;?)/g

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(reference, (whole, decimal, hex, name, semicolon) => {
    if (name !== undefined) {
      const found = named.get(name)
      return found !== undefined && (semicolon || bare.has(name)) ? found : whole
    }
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
    if (code >= 128 && code <= 159) return windows1252[code - 128]!
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    return isCharacter ? String.fromCodePoint(code) : '\uFFFD'
  })
}
