// What a visitor's browser fetches until the chat is open on somebody's page, in the default language.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openBrowser, sumOf, weighFetches } from './browser.ts'
import { claim } from './desk.ts'
import { atMost, plain, sleep, type Bench, type Measured } from './harness.ts'
import { callJson } from './load.ts'
import { dataFolder, startWhole } from './whole-program.ts'

export async function widget(bench: Bench): Promise<Measured> {
  await using browser = await openBrowser()
  if (browser === null)
    return {
      figures: {},
      limit: {},
      ratios: {},
      targets: [],
      notes: ['Left out: there is no Chromium on this machine.'],
    }
  await using folder = await dataFolder(bench.keptDirectory)
  await using program = await startWhole(folder.path)
  const page = await browser.newPage()
  const { value } = await callJson<{ connection: { publicKey: string } }>(program.url, {
    method: 'POST',
    path: '/api/connections',
    headers: (await claim(program)).owner,
    body: { channel: 'webchat', name: 'Website', settings: {} },
  })
  const shop = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(
      `<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1><script async src="${program.url}/widget/v1/loader.js" data-key="${value.connection.publicKey}"></script></body></html>`,
    )
  })
  await new Promise<void>((listening) => shop.listen(0, '127.0.0.1', listening))
  try {
    const fetched = weighFetches(page, program.url)
    await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`)
    const launcher = page.getByRole('button', { name: /Open chat/ })
    await launcher.waitFor()
    await sleep(300)
    const before = await fetched()
    await launcher.click()
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor()
    await sleep(300)
    const all = await fetched()
    return {
      figures: {
        'to the launcher': plain(sumOf(before, 'code') / 1000, 'kB gz', before.length),
        'to first open': plain(sumOf(all, 'code') / 1000, 'kB gz', all.length),
        'answers of the API': plain(sumOf(all, 'data') / 1000, 'kB gz', all.length),
      },
      limit: {},
      ratios: {},
      targets: [atMost('to first open', 15)],
      notes: all.filter(({ kind }) => kind === 'code').map(({ path, bytes }) => `${path}: ${bytes} bytes`),
    }
  } finally {
    shop.close()
  }
}
