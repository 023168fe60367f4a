package rtmp

// tcpNotSentLowWater is TCP_NOTSENT_LOWAT (linux/tcp.h).
const tcpNotSentLowWater = 25
