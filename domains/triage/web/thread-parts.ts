// What triage puts into the slots of the inbox, as one piece of code.
export { AboveThread } from './above-thread.tsx'
export { CoveredWords } from './covered-words.tsx'
export { MessageLabels } from './message-labels.tsx'
export { PriorityPart } from './priority-part.tsx'
