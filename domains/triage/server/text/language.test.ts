import { expect, test } from 'vitest'
import { makeFeatures, readFeatures } from './features.ts'
import { languageOf } from './language.ts'

const of = (text: string) => languageOf(text, readFeatures(text, makeFeatures()))

test.each([
  ['en', 'I have been waiting for my order for two weeks'],
  ['es', 'Llevo dos semanas esperando mi pedido'],
  ['de', 'Ich warte seit zwei Wochen auf meine Bestellung'],
  ['fr', "J'attends ma commande depuis deux semaines"],
  ['id', 'Saya sudah menunggu pesanan saya selama dua minggu'],
  ['nb', 'Jeg har ventet på bestillingen min i to uker'],
  ['el', 'Περιμένω την παραγγελία μου εδώ και δύο εβδομάδες'],
  ['ja', '注文した商品が二週間届きません'],
  ['zh', '我等了两个星期还没收到货'],
  ['ko', '주문한 지 이 주가 지났는데 아직 안 왔어요'],
  ['th', 'ฉันรอสินค้ามาสองสัปดาห์แล้ว'],
  ['hi', 'bhai mera order abhi tak nahi aaya, kya karu'],
  ['uk', 'Я вже два тижні чекаю на своє замовлення'],
  ['he', 'אני מחכה להזמנה כבר שבועיים'],
])('%s is told', (language, text) => {
  expect(of(text)).toBe(language)
})

test('names, links and emoji are of no language', () => {
  expect(of('@firm https://t.co/abc 😀 123')).toBe('und')
  expect(of('')).toBe('und')
})
