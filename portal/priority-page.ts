// The public page that says how messages are put in order. It is made from the policy that orders them, so it can't say
// anything else.
import { html } from '#platform/http/html'
import { rulesInWords, saysOfReach, type PolicyTranslator } from '#triage/server'
import type { PolicyVersion } from '#triage/contract'

export interface PriorityPage {
  readonly name: string
  readonly current: PolicyVersion
}

export function priorityPage({ name, current }: PriorityPage, words: PolicyTranslator): string {
  const { policy, version, note, publishedAt } = current
  const { locale, direction, t } = words
  const rules = rulesInWords(policy, words)
  const heading = t('heading', { name })
  const day = publishedAt === null ? '' : words.dateTime(new Date(publishedAt), 'UTC', { dateStyle: 'long' })
  return html`<!doctype html>
    <html lang="${locale}" dir="${direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${heading}</title>
        <link rel="stylesheet" href="/portal/portal.css" />
      </head>
      <body>
        <main>
          <h1>${heading}</h1>
          ${policy.preface ? html`<p class="preface">${policy.preface}</p>` : null}
          <p>${t('waiting')}</p>
          <p><strong>${saysOfReach(policy, words)}</strong></p>
          ${rules.length === 0 ? html`<p>${t('nothing')}</p>` : null}
          ${rules.map(
            ({ title, own, sentences }) =>
              html`<section>
                <h2>${title}</h2>
                ${own === null ? null : html`<p>${own}</p>`}
                <ul>
                  ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
                </ul>
              </section>`,
          )}
          <footer>
            <p>${t('version', { version, day })} ${note === '' ? null : t('changed', { note })}</p>
            <p>${t('machine')}</p>
          </footer>
        </main>
      </body>
    </html>`.toString()
}
