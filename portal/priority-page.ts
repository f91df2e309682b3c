// The public page that says how messages are put in order. It is made from the policy that orders them, so it can't say
// anything else.
import { html } from '#platform/http/html'
import { rulesInWords, saysOfReach } from '#triage/server'
import type { PolicyVersion } from '#triage/contract'

export interface PriorityPage {
  readonly name: string
  readonly current: PolicyVersion
}

export function priorityPage({ name, current: { policy, version, note, publishedAt } }: PriorityPage): string {
  const rules = rulesInWords(policy)
  const day = publishedAt === null ? '' : publishedAt.slice(0, 10)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>How ${name} puts messages in order</title>
        <link rel="stylesheet" href="/portal/portal.css" />
      </head>
      <body>
        <main>
          <h1>How ${name} puts messages in order</h1>
          ${policy.preface ? html`<p class="preface">${policy.preface}</p>` : null}
          <p>
            Whoever has waited longer comes first, and every minute counts alike for everybody. For the reasons below a message is treated
            as if it had come earlier. Nothing else changes the order.
          </p>
          <p><strong>${saysOfReach(policy)}</strong></p>
          ${rules.length === 0 ? html`<p>No other reason counts.</p>` : null}
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
            <p>
              Version ${version}, in use since <time datetime="${publishedAt ?? ''}">${day}</time>.
              ${note === '' ? null : html`What changed: ${note}`}
            </p>
            <p>
              Messages are read by a program first, which may err; people can put right what it said, and what it does not know it calls
              unsure. Several reasons add up.
            </p>
          </footer>
        </main>
      </body>
    </html>`.toString()
}
