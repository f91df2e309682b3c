// Topics that a desk has on its first day, until it names its own.
import { learnTopics, type TopicWeights } from './topics.ts'

const EXAMPLES: Readonly<Record<string, string>> = {
  delivery:
    'where is my parcel|my order has not arrived|package lost in delivery|tracking has not moved for days|the courier left it at the wrong address|delivery is late again|when will my order ship|mi pedido no ha llegado|mein paket ist nicht angekommen|mon colis est en retard',
  billing:
    'i was charged twice|there is an error on my invoice|why is my bill so high|unknown charge on my statement|double payment on my card|the price on the bill is wrong|hidden fees|me cobraron dos veces|die rechnung ist falsch|erreur sur ma facture',
  refund:
    'i want my money back|when will i get my refund|how do i return this item|refund not received yet|return label please|you promised a refund|exchange for another size|quiero un reembolso|ich will mein geld zurück|je veux un remboursement',
  account:
    'i cannot log in|reset my password|my account is locked|change my email address|two factor code does not arrive|close my account|update my address|no puedo entrar en mi cuenta|ich kann mich nicht anmelden|impossible de me connecter',
  'technical fault':
    'the app keeps crashing|internet is down|no signal since this morning|website does not load|error message when i pay|the update broke my phone|wifi keeps dropping|la aplicación no funciona|das internet geht nicht|le site ne marche pas',
  'product quality':
    'it arrived broken|the product stopped working after a week|wrong item in the box|the zipper is broken|food was cold and stale|missing parts|the screen is cracked|llegó roto|das produkt ist kaputt|le produit est défectueux',
  service:
    'your staff was rude|nobody answers the phone|on hold for an hour|the agent hung up on me|no reply to my emails|worst customer service|the driver was unfriendly|el personal fue grosero|unfreundlicher kundendienst|service client injoignable',
  booking:
    'change my booking|i need to rebook my flight|flight cancelled what now|seat reservation|can i bring a second bag|missed my connection|check in does not work|cambiar mi reserva|meinen flug umbuchen|modifier ma réservation',
  contract:
    'cancel my subscription|end my contract|switch to a cheaper plan|when does my contract end|upgrade my plan|renewal without asking|notice period|dar de baja mi contrato|meinen vertrag kündigen|résilier mon abonnement',
  'price and offers':
    'is there a discount for students|the voucher code does not work|how much does it cost|is this on sale|black friday offer|price match|points not credited|cuánto cuesta|gibt es einen rabatt|combien ça coûte',
  store:
    'what are your opening hours|is the store in town open on sunday|parking at your shop|is this item in stock|queue at the till|where is the nearest branch|self checkout|horario de apertura|öffnungszeiten der filiale|horaires du magasin',
  privacy:
    'delete my data|why do you have my address|stop sending me marketing emails|data breach|unsubscribe from your newsletter|who can see my data|you shared my number|borrar mis datos|meine daten löschen|supprimer mes données',
}

/** Names and examples of the default set. */
export const defaultTopicExamples = (): { readonly name: string; readonly texts: readonly string[] }[] =>
  Object.entries(EXAMPLES).map(([name, text]) => ({ name, texts: text.split('|') }))

let learned: TopicWeights | null = null

/** The default topics, learned once from their examples. */
export function defaultTopics(): TopicWeights {
  learned ??= learnTopics(
    defaultTopicExamples().flatMap(({ name, texts }) => texts.map((text) => ({ text, topic: name }))),
  )
  return learned
}
