// The queue as one walks through it: what was answered or skipped here is gone at once, and Undo brings it back to the front.
import { useLingui } from '@lingui/react/macro'
import { useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Page } from '#platform/contract/kernel'
import { problemOf } from '../../../platform/browser/api.ts'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import type { CorrectableLabel, ReviewItem } from '../contract.ts'
import { assessments, reviews } from './calls.ts'
import { useIntentWords, useSentimentWords } from './label-words.ts'
import { takeBack } from './use-correct.ts'

interface Found {
  readonly data: InfiniteData<Page<ReviewItem>> | undefined
  readonly hasNextPage: boolean
  readonly isFetching: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

export function useReview({ data, hasNextPage, isFetching, fetchNextPage }: Found) {
  const { t } = useLingui()
  const client = useQueryClient()
  const sentiments = useSentimentWords()
  const intents = useIntentWords()
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [back, setBack] = useState<ReviewItem | null>(null)
  const closeUndo = useRef<() => void>(undefined)
  const open = (data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ assessment }) => !gone.has(assessment.messageId))
  const item = back ?? open[0] ?? null
  const short = open.length < 3 && hasNextPage && !isFetching
  useEffect(() => {
    if (short) void fetchNextPage()
  }, [short, fetchNextPage])

  const leave = ({ assessment: { messageId } }: ReviewItem) => {
    // One question back is enough; two bars would be one too many.
    closeUndo.current?.()
    setBack(null)
    setGone((before) => new Set(before).add(messageId))
  }
  const bringBack = (was: ReviewItem) => {
    setGone((before) => new Set([...before].filter((id) => id !== was.assessment.messageId)))
    setBack(was)
  }
  const failed = (was: ReviewItem) => (error: unknown) => {
    bringBack(was)
    notify(problemOf(error).message, { tone: 'danger' })
  }
  const answer = (was: ReviewItem, label: Extract<CorrectableLabel, 'sentiment' | 'intent'>, value: string) => {
    leave(was)
    const words = { ...sentiments, ...intents }[value as keyof typeof sentiments | keyof typeof intents]
    const params = { id: was.assessment.messageId }
    const answered = assessments
      .correctMessage({ params, body: { label, value, from: 'review' } })
      .then(() => client.invalidateQueries({ queryKey: ['layers'] }))
    answered.catch(failed(was))
    closeUndo.current = offerUndo({
      text: t`Answered: ${words}`,
      onUndo: () => {
        bringBack(was)
        answered
          .then(() => takeBack(was.assessment, label, 'review'))
          .catch((error: unknown) => notify(problemOf(error).message, { tone: 'danger' }))
      },
    })
  }
  const skip = (was: ReviewItem) => {
    leave(was)
    const params = { id: was.assessment.messageId }
    let undone = false
    const ask = () => {
      if (!undone) reviews.skipReview({ params }).catch(failed(was))
    }
    // Held back as long as it can be taken back: who leaves meanwhile is asked again, which hurts nobody.
    const timer = setTimeout(ask, 10_000)
    closeUndo.current = offerUndo({
      text: t`Skipped`,
      onUndo: () => {
        undone = true
        clearTimeout(timer)
        bringBack(was)
      },
    })
  }
  return { item, answer, skip }
}
