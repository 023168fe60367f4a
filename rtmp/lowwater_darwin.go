package rtmp

// tcpNotSentLowWater is TCP_NOTSENT_LOWAT (netinet/tcp.h).
const tcpNotSentLowWater = 0x201
