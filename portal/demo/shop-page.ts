import { html } from '#platform/http/html'
import { lark, page } from './layout.ts'

const destinations = [
  ['Lisbon', 'Gothenburg', 'daily 07:50', '89'],
  ['Porto', 'Graz', 'Mo We Fr Su 09:40', '74'],
  ['Cork', 'Lisbon', 'daily 12:15', '65'],
  ['Trieste', 'Bergen', 'Tu Th Sa 15:05', '112'],
  ['Leipzig', 'Izmir', 'We Sa 06:30', '128'],
  ['Nantes', 'Reykjavik', 'Fr Su 18:20', '139'],
] as const

/** The airline's page as a customer would build it: one script tag, `chatKey` in it. Null where the chat was disconnected. */
export function shopPage(chatKey: string | null): string {
  return page({
    title: 'Larkmoor Air',
    place: 'shop',
    main: html`<header class="hero">
        <p class="brand">${lark} Larkmoor Air</p>
        <h1>Up with the lark</h1>
        <p class="lead">Sixteen towns, small planes, one bag each way. And somebody who answers.</p>
      </header>
      <main>
        <p class="notice"><strong>Skarnfell:</strong> all corridors are open again. What went wrong on the day is written up, with times.</p>
        <h2>This week</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">When</th>
              <th scope="col">One way</th>
            </tr>
          </thead>
          <tbody>
            ${destinations.map(
              ([from, to, when, price]) => html`<tr>
                <td>${from}</td>
                <td>${to}</td>
                <td>${when}</td>
                <td>€ ${price}</td>
              </tr>`,
            )}
          </tbody>
        </table>
        <div class="cards">
          <section>
            <h2>Your cello has a seat</h2>
            <p>A paid seat for an instrument can’t be sold again, by anyone, at any gate. It is called the Agnes rule.</p>
          </section>
          <section>
            <h2>Your chair is not luggage</h2>
            <p>It is photographed before and after, it travels last in and first out, and you take it to the door.</p>
          </section>
          <section>
            <h2>Your money comes back</h2>
            <p>Within seven days. What takes longer than ten lands on one list, and one person reads it every morning.</p>
          </section>
        </div>
        <p class="quiet">
          ${
            chatKey === null
              ? 'The chat of this page was disconnected in the desk.'
              : 'Questions? The chat in the corner is the real one: write as a customer, answer in the desk.'
          }
        </p>
      </main>`,
    scripts:
      chatKey === null
        ? html``
        : html`<script async src="/widget/v1/loader.js" data-key="${chatKey}" data-locale="en"></script>`,
  })
}
