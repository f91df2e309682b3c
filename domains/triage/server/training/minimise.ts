// Going downhill where the ground is known in all places: L-BFGS with halved steps.

/** Of the steps before, how many tell how the ground bends. */
const MEMORY = 6

interface Turn {
  readonly moved: Float32Array
  readonly turned: Float32Array
  readonly product: number
}

/** Moves `point` downhill by L-BFGS; `lossAt` gives the loss at a point and writes its slope. */
export function minimise(
  point: Float32Array,
  steps: number,
  lossAt: (at: Float32Array, slope: Float32Array) => number,
): void {
  let slope = new Float32Array(point.length)
  let nextSlope = new Float32Array(point.length)
  const next = new Float32Array(point.length)
  const turns: Turn[] = []
  let loss = lossAt(point, slope)
  for (let step = 0; step < steps; step += 1) {
    const direction = directionFrom(slope, turns)
    const descent = dot(direction, slope)
    if (!(descent < 0)) return
    let length = turns.length === 0 ? 1 / Math.sqrt(-descent) : 1
    let nextLoss = Infinity
    for (let tries = 0; tries < 20; tries += 1, length /= 2) {
      for (let i = 0; i < point.length; i += 1) next[i] = point[i]! + length * direction[i]!
      nextLoss = lossAt(next, nextSlope)
      if (nextLoss <= loss + 1e-4 * length * descent) break
    }
    if (!(nextLoss < loss)) return
    const moved = new Float32Array(point.length)
    const turned = new Float32Array(point.length)
    for (let i = 0; i < point.length; i += 1) {
      moved[i] = next[i]! - point[i]!
      turned[i] = nextSlope[i]! - slope[i]!
    }
    const product = dot(moved, turned)
    if (product > 0) turns.push({ moved, turned, product })
    if (turns.length > MEMORY) turns.shift()
    point.set(next)
    ;[slope, nextSlope] = [nextSlope, slope]
    if (loss - nextLoss < 1e-7 * loss) return
    loss = nextLoss
  }
}

/** Downhill, bent by what the last steps told. */
function directionFrom(slope: Float32Array, turns: readonly Turn[]): Float32Array {
  const direction = slope.map((value) => -value)
  const shares = turns.map(() => 0)
  for (let k = turns.length - 1; k >= 0; k -= 1) {
    const { moved, turned, product } = turns[k]!
    shares[k] = dot(moved, direction) / product
    addScaled(direction, turned, -shares[k]!)
  }
  const last = turns.at(-1)
  if (last !== undefined) {
    const scale = last.product / dot(last.turned, last.turned)
    for (let i = 0; i < direction.length; i += 1) direction[i]! *= scale
  }
  for (const [k, { moved, turned, product }] of turns.entries())
    addScaled(direction, moved, shares[k]! - dot(turned, direction) / product)
  return direction
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!
  return sum
}

function addScaled(to: Float32Array, from: Float32Array, scale: number): void {
  for (let i = 0; i < to.length; i += 1) to[i]! += scale * from[i]!
}
