// Whose fault a writer sees. By phrases that anyone can read, and only where the message is a complaint: a guess about blame
// that nobody can follow would be worse than none.

export type Fault = 'firm' | 'other' | 'self' | 'unclear'

const SELF =
  /\b(?:my (?:own )?(?:fault|mistake|bad|error)|i (?:typed|entered|chose|ordered|booked|picked) (?:it |the )?(?:wrong|by (?:mistake|accident))|i forgot to|mein(?:e)? (?:fehler|schuld|versehen)|ma faute|mon erreur|mi culpa|culpa mía|mijn (?:fout|schuld)|colpa mia|minha culpa)\b/iu
const OTHER =
  /\b(?:(?:the|your) (?:courier|carrier|delivery (?:firm|company)|post office|postman|bank|supplier|manufacturer|airport|landlord|previous (?:owner|tenant)|third party)|der (?:paketbote|kurier|lieferdienst|hersteller)|die (?:post|spedition)|le (?:livreur|transporteur|fabricant)|la poste|el (?:repartidor|transportista|fabricante)|correos|de (?:bezorger|koerier)|il corriere|o (?:entregador|fabricante)|dhl|ups|fedex|hermes|dpd)\b/iu
const FIRM =
  /\b(?:your (?:\w+ )?(?:fault|mistake|error|staff|driver|agent|employee|team|system|app|website|company|service|product|shop|store)|you(?:'ve| have| guys| people)? (?:promised|lied|lost|broke|charged|overcharged|cancelled|canceled|sent|failed|refused?|ignored?|messed|double|never|keep|forgot)|ihr (?:fehler|mitarbeiter|system|fahrer|team)|ihre (?:schuld|app|firma|website)|(?:sie|ihr) (?:haben|habt) (?:mir |mich |uns )?\w*\s?(?:versprochen|vergessen|verloren|belogen|abgebucht)|votre (?:faute|erreur|service|équipe|livreur|site)|vous (?:m'avez|avez)|su (?:culpa|error|personal|empresa|servicio)|ustedes (?:me )?(?:prometieron|cobraron|perdieron|mintieron)|uw (?:fout|medewerker|bedrijf|systeem)|vostr[oa] (?:colpa|errore|servizio)|(?:sua|vossa) (?:culpa|empresa))\b/iu

/** Self before others before the firm: who owns up says so among much else. Looks at the first 4,000 characters. */
export function faultOf(text: string): Fault {
  const words = text.slice(0, 4000)
  if (SELF.test(words)) return 'self'
  const firm = FIRM.test(words)
  const other = OTHER.test(words)
  // Both named: the firm that lets its carrier do it.
  if (firm) return 'firm'
  return other ? 'other' : 'unclear'
}
