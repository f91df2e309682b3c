// What a mail says that carries answers of the chat on, in the languages of the widget. Nothing in it is what a visitor typed:
// the address may be somebody else's.
import type { widgetLocales } from '../contract.ts'

interface MailWords {
  readonly subject: string
  readonly closing: string
}

/** `{name}` becomes the name of the chat. */
const words: Readonly<Record<(typeof widgetLocales)[number], MailWords>> = {
  en: {
    subject: 'Your chat with {name}',
    closing: 'This is the answer to your chat with {name}. Reply to this mail to go on: it arrives in the same chat.',
  },
  de: {
    subject: 'Ihr Chat mit {name}',
    closing:
      'Dies ist die Antwort auf Ihren Chat mit {name}. Antworten Sie auf diese Mail, um weiterzuschreiben: Sie kommt im selben Chat an.',
  },
  fr: {
    subject: 'Votre discussion avec {name}',
    closing:
      'Voici la réponse à votre discussion avec {name}. Répondez à ce message pour continuer : il arrivera dans la même discussion.',
  },
  es: {
    subject: 'Su chat con {name}',
    closing: 'Esta es la respuesta a su chat con {name}. Responda a este correo para seguir: llegará al mismo chat.',
  },
  it: {
    subject: 'La sua chat con {name}',
    closing:
      'Questa è la risposta alla sua chat con {name}. Risponda a questa e-mail per continuare: arriverà nella stessa chat.',
  },
  nl: {
    subject: 'Uw chat met {name}',
    closing:
      'Dit is het antwoord op uw chat met {name}. Beantwoord deze mail om verder te gaan: hij komt in dezelfde chat aan.',
  },
  pt: {
    subject: 'A sua conversa com {name}',
    closing:
      'Esta é a resposta à sua conversa com {name}. Responda a este e-mail para continuar: chegará à mesma conversa.',
  },
  pl: {
    subject: 'Czat z {name}',
    closing:
      'To odpowiedź na Twój czat z {name}. Odpowiedz na tę wiadomość, aby kontynuować: trafi do tego samego czatu.',
  },
  tr: {
    subject: '{name} ile sohbetiniz',
    closing: 'Bu, {name} ile sohbetinizin yanıtıdır. Sürdürmek için bu e-postayı yanıtlayın: aynı sohbete ulaşır.',
  },
  ar: {
    subject: 'محادثتك مع {name}',
    closing: 'هذا هو الرد على محادثتك مع {name}. للمتابعة أجب عن هذه الرسالة، وستصل إلى المحادثة نفسها.',
  },
  ja: {
    subject: '{name} とのチャット',
    closing: '{name} とのチャットへのお返事です。続けるにはこのメールに返信してください。同じチャットに届きます。',
  },
  zh: {
    subject: '您与 {name} 的对话',
    closing: '这是对您与 {name} 的对话的回复。回复此邮件即可继续，内容会进入同一对话。',
  },
}

/** In the visitor's language as their browser said it; English where there are no words for it. */
export function mailWords(locale: string | null, name: string): MailWords {
  const base = (locale ?? '').toLowerCase().split('-')[0] ?? ''
  const { subject, closing } = Object.hasOwn(words, base) ? words[base as keyof typeof words] : words.en
  return { subject: subject.replaceAll('{name}', () => name), closing: closing.replaceAll('{name}', () => name) }
}
