// What is measured of predictions. Labels are numbers from 0; probabilities are one row after the other.

export interface ClassFigures {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly support: number
}

/** One row a class, from true and predicted labels. */
export function figuresByClass(truth: ArrayLike<number>, found: ArrayLike<number>, classes: number): ClassFigures[] {
  const hits = new Float64Array(classes)
  const said = new Float64Array(classes)
  const support = new Float64Array(classes)
  for (let i = 0; i < truth.length; i += 1) {
    support[truth[i]!]! += 1
    said[found[i]!]! += 1
    if (truth[i] === found[i]) hits[truth[i]!]! += 1
  }
  return Array.from({ length: classes }, (_, c) => figuresOf(hits[c]!, said[c]!, support[c]!))
}

/** Precision, recall and F1 from counts; 0 where nothing was there to find or said. */
export function figuresOf(hits: number, said: number, support: number): ClassFigures {
  const precision = said > 0 ? hits / said : 0
  const recall = support > 0 ? hits / support : 0
  const f1 = hits > 0 ? (2 * precision * recall) / (precision + recall) : 0
  return { precision, recall, f1, support }
}

export const macro = (figures: readonly ClassFigures[], what: 'f1' | 'recall' | 'precision'): number =>
  mean(figures.map((figure) => figure[what]))

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length

export function accuracy(truth: ArrayLike<number>, found: ArrayLike<number>): number {
  let hits = 0
  for (let i = 0; i < truth.length; i += 1) if (truth[i] === found[i]) hits += 1
  return truth.length === 0 ? Number.NaN : hits / truth.length
}

/** The most probable class of each row. */
export function argmaxRows(rows: ArrayLike<number>, classes: number): Uint16Array {
  const found = new Uint16Array(rows.length / classes)
  for (let i = 0; i < found.length; i += 1) {
    let best = 0
    for (let c = 1; c < classes; c += 1) if (rows[i * classes + c]! > rows[i * classes + best]!) best = c
    found[i] = best
  }
  return found
}

export interface Confident {
  readonly confidence: number
  readonly right: boolean
}

/** Each row's highest probability and whether it was right, the least sure first. */
export function confidences(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): Confident[] {
  const found = argmaxRows(probabilities, classes)
  return Array.from(found, (label, i) => ({
    confidence: probabilities[i * classes + label]!,
    right: label === truth[i],
  })).toSorted((a, b) => a.confidence - b.confidence)
}

export interface CalibrationBin {
  readonly said: number
  readonly was: number
  readonly count: number
}

/** The calibration curve over bins of equal mass. */
export function calibrationCurve(sorted: readonly Confident[], bins = 15): CalibrationBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const part = sorted.slice(Math.floor((bin * sorted.length) / bins), Math.floor(((bin + 1) * sorted.length) / bins))
    return {
      said: mean(part.map(({ confidence }) => confidence)),
      was: mean(part.map(({ right }) => (right ? 1 : 0))),
      count: part.length,
    }
  }).filter(({ count }) => count > 0)
}

/** Expected calibration error over bins of equal mass: the mean distance between said and was. */
export function calibrationError(sorted: readonly Confident[], bins = 15): number {
  const curve = calibrationCurve(sorted, bins)
  return curve.reduce((sum, { said, was, count }) => sum + Math.abs(said - was) * count, 0) / sorted.length
}

/** Accuracy of the surest share of all. */
export function accuracyAtCoverage(sorted: readonly Confident[], coverage: number): number {
  const kept = sorted.slice(sorted.length - Math.round(sorted.length * coverage))
  return mean(kept.map(({ right }) => (right ? 1 : 0)))
}

/** Recall where the share of false alarms among the negatives is at most `alarms`. */
export function recallAtAlarms(positive: readonly number[], negative: readonly number[], alarms: number): number {
  const sorted = negative.toSorted((a, b) => b - a)
  const threshold = sorted[Math.floor(sorted.length * alarms)] ?? -Infinity
  return mean(positive.map((score) => (score > threshold ? 1 : 0)))
}
