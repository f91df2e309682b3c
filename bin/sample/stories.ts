// All that is told, in no order: when it happens is the calendar's business.
import type { Exchange, Story } from './screenplay.ts'
import { baggageStories } from './stories/baggage.ts'
import { cabinStories } from './stories/cabin.ts'
import { everydayExchanges } from './stories/everyday.ts'
import { headlineStories } from './stories/headlines.ts'
import { abroadExchanges, abroadStories } from './stories/languages.ts'
import { musicStories } from './stories/music.ts'
import { nuisanceExchanges, nuisanceStories } from './stories/nuisance.ts'
import { praiseExchanges, praiseStories } from './stories/praise.ts'
import { pressStories } from './stories/press.ts'
import { questionExchanges } from './stories/questions.ts'
import { refundExchanges, refundStories } from './stories/refunds.ts'
import { troubleExchanges } from './stories/troubles.ts'
import { volcanoExchanges, volcanoStories } from './stories/volcano.ts'

export const stories: readonly Story[] = [
  ...headlineStories,
  ...musicStories,
  ...baggageStories,
  ...cabinStories,
  ...refundStories,
  ...pressStories,
  ...praiseStories,
  ...abroadStories,
  ...nuisanceStories,
  ...volcanoStories,
]

export const exchanges: readonly Exchange[] = [
  ...everydayExchanges,
  ...questionExchanges,
  ...troubleExchanges,
  ...refundExchanges,
  ...praiseExchanges,
  ...abroadExchanges,
  ...nuisanceExchanges,
  ...volcanoExchanges,
]
