import { html } from '#platform/http/html'
import { page } from './layout.ts'

/** Where the demo begins: what a customer can do, and where to watch it arrive. */
export function deskPage(): string {
  return page({
    title: 'Customer’s desk',
    place: 'desk',
    main: html`<main>
      <h1>Be the customer</h1>
      <p class="lead">
        Larkmoor Air never flew. Everybody in this demo is made up, except you: what you write here goes the real way into the
        desk, and what the desk answers comes back here.
      </p>
      <ol class="ways">
        <li>
          <h2><a href="/demo/shop">Chat in the sample shop</a></h2>
          <p>The airline’s own page with the chat in its corner. Private, one to one, with files.</p>
        </li>
        <li>
          <h2><a href="/demo/forum">Post in the forum</a></h2>
          <p>In public, where others read along. Comes in by signed webhook; the answer comes back the same way.</p>
        </li>
        <li>
          <h2><a href="/demo/mail">Write a mail</a></h2>
          <p>
            From a mailbox of your own to the airline’s, by SMTP both ways. Answers to a chat that you left come here too, if you
            gave its form an address.
          </p>
        </li>
        <li>
          <h2>Complain on <a href="/demo/mastodon">Mastodon</a> or <a href="/demo/bluesky">Bluesky</a></h2>
          <p>
            In public, before everybody, and on in private. Two small networks stand in this machine and speak as the large ones
            do; the airline has an account on each.
          </p>
        </li>
        <li>
          <h2><a href="/inbox">Answer in the desk</a></h2>
          <p>
            Sign in as the program told you when it started. Put the two windows side by side: this one is the customer, that one
            is you at work.
          </p>
        </li>
      </ol>
      <p class="quiet">
        While the desk is open, somebody new writes about once a minute. Nothing leaves this machine: answers end at a receiver,
        a mailbox and two networks that the demo runs for itself.
      </p>
    </main>`,
  })
}
