// Our own reading of messages to real support desks (`support/support-threads`), by id, so that no text is copied. First
// letter: n(egative), u (neutral), p(ositive); a second letter c says that the writer complains. Only ever measured on.
const READ = `
8:nc 20:nc 31:nc 36:nc 59:nc 71:u 78:nc 156:nc 163:u 177:u 185:nc 202:p 216:u 239:u 281:nc 293:p 308:nc 331:u 378:p 395:u
605:nc 624:nc 643:nc 652:nc 672:nc 682:u 693:nc 711:nc 723:u 747:nc 756:nc 767:nc 775:nc 782:nc 801:nc 817:nc 872:nc 989:nc
1065:p 1158:nc 1163:nc 1180:u 1207:nc 1223:nc 1229:p 1264:nc 1275:nc 1312:nc 1321:u 1333:nc 1356:p 1371:p 1403:p 1408:p
1428:nc 1434:p 1449:u 1474:u 1488:u 1497:nc 1518:n 1553:u 1563:u 1601:u 1616:nc 1628:p 1639:nc 1653:u 1665:nc 1684:nc
1695:nc 1713:u 1736:nc 1759:nc 1785:nc 1794:nc 1803:nc 1814:nc 1835:nc 1844:u 1858:nc 1866:nc 1885:u 1899:nc 1915:nc
1922:nc 2037:nc 2044:p 2098:nc 2109:p 2134:nc 2146:p 2152:nc 2160:p 2170:p 2194:p 2203:nc 2242:nc 2268:u 2290:p 2311:u
2332:nc 2344:uc 2361:nc 2374:p 2380:u 2389:p 2395:p 2401:p 2408:nc 2412:nc 2418:nc 2441:u 2455:nc 2460:nc 2474:nc 2482:u
2491:nc 2559:u 2568:nc 2602:nc 2613:nc 2624:nc 2642:nc 2648:u 2659:uc 2666:nc 2682:nc 2686:nc 2717:nc 2742:nc 2757:nc
2788:nc 2796:p 2809:nc 2862:u 2878:p 2942:n 2972:nc 5149:uc 5282:nc 5331:nc 5335:p 5360:p 5384:nc 5401:p 5411:p 5419:p
5429:u 5451:u 5464:p 5479:p 5489:u 5496:uc 5505:u 5517:n 5523:u 5559:nc 5566:uc 5600:nc 5645:u 5664:nc 5674:u 5681:u
5692:u 5712:nc 5720:nc 5725:nc 5729:nc 5737:u 5741:nc 5745:u 5751:nc 5757:nc 5765:p 5775:u 5789:nc 5808:nc 5819:u 5833:nc
5853:nc 5867:nc 5912:nc 6438:nc 6442:nc 6475:u 6558:nc 6606:nc 6639:nc 6903:nc
12:nc 35:p 48:u 155:p 213:p 292:u 363:u 607:p 651:nc 677:p 702:u 721:u 740:u 786:u 821:nc 868:u 1067:u 1179:p 1205:nc
1231:p 1268:u 1318:u 1517:u 1532:nc 1540:nc 1624:p 1694:u 1731:nc 1738:nc 1793:nc 1829:nc 1865:u 1921:nc 1932:nc 2052:u
2150:p 2260:nc 2292:nc 2335:nc 2370:u 2387:p 2443:u 2490:u 2574:nc 2598:nc 2612:u 2674:nc 2698:nc 2711:p 2743:nc 2786:nc
2875:u 2969:u 3049:u 3056:u 3071:nc 1145:nc 3161:nc 3190:u 3208:nc 3253:p 3309:n 3378:uc 3465:nc 3497:nc 3526:u 3587:nc
3633:nc 3664:nc 3701:nc 3748:nc 3799:p 3902:p 3922:uc 3983:u 4073:nc 4098:u 4210:nc 4392:uc 4408:nc 4447:u 4475:nc 4492:u
4537:nc 4575:u 4634:nc 4778:u 4849:nc 4877:p 4895:u 5015:nc 5054:u 5080:nc 5141:p 5281:u 5338:u 5454:p 5558:nc 5668:n 5724:p
`

export interface ReadSupportMessage {
  readonly sentiment: 'negative' | 'neutral' | 'positive'
  readonly isComplaint: boolean
}

const SENTIMENT = { n: 'negative', u: 'neutral', p: 'positive' } as const

/** What we read in each message, by its id in the set. */
export const supportLabels: ReadonlyMap<string, ReadSupportMessage> = new Map(
  READ.trim()
    .split(/\s+/)
    .map((entry) => {
      const [id = '', letters = ''] = entry.split(':')
      return [id, { sentiment: SENTIMENT[letters[0] as 'n' | 'u' | 'p'], isComplaint: letters.endsWith('c') }]
    }),
)
