// The two checks that tell a number of meaning from a number: Luhn for cards, ISO 7064 (97) for bank accounts.

/** Whether the digits pass the Luhn check (ISO/IEC 7812). Anything but digits makes it false. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    if (digit < 0 || digit > 9) return false
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 0 && sum % 10 === 0
}

/** How long an account number of each country is, of the IBAN registry. */
const IBAN_LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 ' +
    'FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 ' +
    'LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 ' +
    'SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
)

/** The length that an IBAN of this country has, or null where the country has none. */
export const ibanLength = (country: string): number | null => IBAN_LENGTHS.get(country.toUpperCase()) ?? null

/** Whether letters and digits without gaps are an IBAN: its country, its length and its remainder of 1 by 97. */
export function isIban(compact: string): boolean {
  const text = compact.toUpperCase()
  if (ibanLength(text.slice(0, 2)) !== text.length) return false
  let remainder = 0
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt((i + 4) % text.length)
    if (unit >= 48 && unit <= 57) remainder = (remainder * 10 + unit - 48) % 97
    else if (unit >= 65 && unit <= 90) remainder = (remainder * 100 + unit - 55) % 97
    else return false
  }
  return remainder === 1
}
