// What the command line and the benches do with the models themselves: try, train and measure them. A program that runs leaves
// all of it to its thread, and loads none of it into its own.
export { assess, measuredLanguages, type AssessOptions } from './assess.ts'
export { decodeLayer, encodeLayer, type LayerWeights } from './layer.ts'
export { learnLayer } from './learn.ts'
export { loadModels } from './models/models.ts'
export { learnTopics } from './topics.ts'
export { defaultTopics } from './default-topics.ts'
export { tokenise } from './text/features.ts'
export { sampleMessages } from './training/phrasebook.ts'
export { buildModels as trainModels, rebuildModels as retrainModels, trainable } from './training/build.ts'
export { evaluate as evaluateModels } from './evaluation/evaluate.ts'
