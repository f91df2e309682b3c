// The lines with which mail programs begin an older mail, a forwarded one, or a signature, in the languages they speak. Every
// rule looks at few lines of bounded length, so that no mail takes longer than its length.

const LONGEST_LINE = 400
const MOST_LINES = 4

/** Ends of "on that day somebody wrote:" where the verb is last. */
const wrote =
  /(?:wrote|writes|said|schrieb|geschrieben|schreef|geschreven|a écrit|écrit|écrivait|escribió|escribio|ha scritto|scrisse|escreveu|skrev|kirjoitti|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|ezt írta|написал(?:\(а\)|а)?|пишет|пише|написав|yazdı|şunu yazdı|έγραψε|a scris|scris|đã viết|menulis|เขียนว่า|כתב(?:\/ה)?|كتب|写道|寫道|님이 작성|さんは書きました|のメール|verzond|sent)\s*[:：]?\s*(?:-{2,}\s*)?$/iu
/** Beginnings where the verb stands in the middle ("Am … schrieb X:", "Op … schreef X:"). */
const wroteWhom =
  /^(?:am|op|den|il|le|el|em|tir|man|ons|tor|fre|lør|søn|lör|sön|dne|dnia|\p{L}{2,4}\.)\b.*\b(?:schrieb|schreef|skrev|escribió|ha scritto|a écrit|escreveu|napsal|wrote)\b.*[:：]\s*$/iu
const dateLike =
  /\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s?月|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*\.?\s+\d{1,2}\b/iu
/** "date, name <address>:" in whatever language. */
const dateAndAddress = /<?\s*[^\s<>@"']+@[^\s<>@]+(?:<[^<>]*>)?\s*>*\s*[:：]\s*$/u

/** How many lines from `at` on say who wrote the mail that follows, and when; 0 if they do not. */
export function isAttribution(lines: readonly string[], at: number): number {
  if (!canBegin(lines[at]!)) return 0
  let joined = ''
  for (let count = 1; count <= MOST_LINES && at + count <= lines.length; count++) {
    const line = lines[at + count - 1]!.trim()
    if (
      line === '' ||
      line.length > LONGEST_LINE ||
      (count > 1 && line.startsWith('>') && line !== '>:' && !/^>\s*[:：]$/.test(line))
    )
      return 0
    joined = joined === '' ? line : `${joined} ${line}`
    if (joined.length > LONGEST_LINE * 2) return 0
    if (!/(?:[:：]|wrote|-{2,})\s*$/.test(line)) continue
    const plain = joined.replace(/^-{2,}\s*/, '').replace(/\[[^\]]*\]|<mailto:[^<>]*>/g, '')
    const isDated = dateLike.test(plain)
    if (isDated && (wrote.test(plain) || wroteWhom.test(plain))) return count
    if (isDated && dateAndAddress.test(plain)) return count
    if (/^(?:on|le|am|el)\b.{3,60}\b(?:you wrote|wrote|a écrit|schrieb|escribió)\s*[:：]$/iu.test(plain)) return count
    // A line that ends so and is none ends the search: prose goes on in whole sentences.
    return 0
  }
  return 0
}

const opening = /^\s*(?:-{2,}\s*)?(?:on|am|op|le|el|il|em|den|dne|dnia|w dniu|in data|à|vào|at|в|у)\s/iu

/** It says a day at once, or begins with the small word that stands before one. */
function canBegin(line: string): boolean {
  return line.length <= LONGEST_LINE && /^\s*[\p{L}\d\-"]/u.test(line) && (opening.test(line) || dateLike.test(line))
}

const original =
  /^\s*>{0,3}\s*[-_*]{2,}\s*(?:original message|reply message|original-?nachricht|ursprüngliche nachricht|ursprüngliche mail|antwort nachricht|message d['’]origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|origineel bericht|oprindelig (?:meddelelse|besked)|opprinnelig melding|ursprungligt meddelande|originalmeddelande|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní (?:zpráva|e-mail)|eredeti üzenet|исходное сообщение|оригінальне повідомлення|orijinal (?:mesaj|ileti)|αρχικό μήνυμα|原始邮件|原始郵件|元のメッセージ|원본 메시지|mesaj original|izvorna poruka)\s*[-_*]{2,}\s*$/iu

export function isOriginalMark(line: string): boolean {
  return line.length <= 200 && original.test(line)
}

const forwarded =
  /^\s*(?:[-_*=~]{2,}\s*(?:forwarded (?:message|by|mail)|weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|messaggio (?:inoltrato|inoltrata)|doorgestuurd bericht|videresendt (?:meddelelse|melding|besked)|vidarebefordrat meddelande|välitetty viesti|wiadomość przekazana|przekazana wiadomość|přeposlaná zpráva|továbbított üzenet|пересылаемое сообщение|переслане повідомлення|yönlendirilmiş (?:mesaj|ileti)|προωθημένο μήνυμα|转发的邮件|轉寄郵件|転送メッセージ|전달된 메시지)\b.{0,60}|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|início da mensagem (?:encaminhada|reencaminhada)|start på vidarebefordrat meddelande|videresendt besked starter|vidarebefordrat brev|välitetty viesti alkaa)\s*[:：])\s*$/iu

export function isForwardMark(line: string): boolean {
  return line.length <= 200 && forwarded.test(line)
}

/** Names of the four headers that every program puts above an older mail. */
const names = {
  from: 'from|von|de|da|van|fra|från|lähettäjä|od|feladó|от|від|від кого|от кого|kimden|gönderen|από|发件人|寄件者|差出人|보낸 사람|De la|expéditeur|mittente|remitente|message du',
  date: 'date|sent|datum|gesendet(?: am)?|envoyé(?: le)?|enviado(?: el| em)?|fecha|data|inviato|verzonden|dato|sendt|skickat|lähetetty|päiväys|wysłano|odesláno|dátum|elküldve|дата|отправлено|надіслано|tarih|gönderildi|ημερομηνία|στάλθηκε|发送时间|日期|送信日時|日時|보낸 날짜|trimis|enviada(?: em)?|message du|received',
  to: 'to|an|à|a|para|aan|til|till|vastaanottaja|do|komu|címzett|кому|kime|alıcı|προς|收件人|收件者|宛先|받는 사람|către|cc|copie à|kopie|destinataire',
  subject:
    'subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|tárgy|тема|konu|θέμα|主题|主旨|件名|제목|subiect|sujet',
}
const header = (list: string) => new RegExp(`^[\\s>*_|]{0,12}(?:${list})[*_\\s\\u00a0]{0,3}[:：]`, 'iu')
const headers = {
  from: header(names.from),
  date: header(names.date),
  to: header(names.to),
  subject: header(names.subject),
}

/** Whether a block of headers begins here: who, and two of when, to whom, about what, on the next lines. */
export function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const first = lines[at]!
  if (
    first.length > LONGEST_LINE ||
    !(headers.from.test(first) || headers.date.test(first) || headers.subject.test(first))
  )
    return false
  const block = headerLines(lines, at)
  const has = (pattern: RegExp) => block.some((line) => pattern.test(line))
  const found = [has(headers.date), has(headers.to), has(headers.subject)].filter(Boolean).length
  return has(headers.from) && found >= 2
}

/** The lines of a block of headers: to the first empty line after three, at most twelve. */
function headerLines(lines: readonly string[], at: number): readonly string[] {
  const block: string[] = []
  for (const line of lines.slice(at, at + 12)) {
    if (line.trim() === '' && block.length >= 3) break
    if (line.trim() !== '') block.push(line.slice(0, LONGEST_LINE))
  }
  return block
}

/** The value of a named header in a block that begins at `at`, or an empty string. */
export function headerIn(lines: readonly string[], at: number, which: keyof typeof headers): string {
  const pattern = headers[which]
  const line = headerLines(lines, at).find((one) => pattern.test(one))
  return line?.replace(pattern, '').replace(/^[\s*]+|[\s*]+$/g, '') ?? ''
}

const mobile =
  /^(?:sent (?:from|with|via|by|a magnificent)|get outlook for|envoyé (?:de|depuis|à partir|avec)|télécharger outlook|(?:von|mit) mein\p{L}* .{2,40} gesendet|gesendet (?:von|mit|aus)|diese nachricht wurde von mein|enviado (?:desde|do|de|a partir)|obtener outlook|inviato (?:da|dal)|verzonden (?:vanaf|vanuit|met)|verstuurd vanaf|skickat från|sendt fra|lähetetty|wysłane z|odesláno z|отправлено (?:с|из)|надіслано з|odoslané z|trimis de pe|iphone'?umdan|iphone から|iphoneから|发自我的|從我的|从我的|내 iphone)(?=[\s\p{L}\p{N}.]|$)/iu

/** "Sent from my telephone": short, no sentence. */
export function isMobileSignature(line: string): boolean {
  const words = line
    .slice(0, 300)
    .replace(/<[^<>]*>|\([^()]*\)|\[[^\]]*\]/g, '')
    .trim()
  return (
    words.length <= 70 &&
    words.split(/\s+/).length <= 9 &&
    !/[,;!?]|\.\s/.test(words) &&
    !/\.$/.test(words) &&
    mobile.test(words)
  )
}
