// Package advice tells an outside encoder which bit rate the way to the server
// carries. It is arithmetic alone: no clock, no goroutine, no input or output, and
// nothing is allocated per sample. The engine hands it a Sample about four times a
// second and tells its listeners when Add says that the advice has changed.
//
// # What is looked at
//
// The queue of a sample is the age of the oldest frame that waits, plus half of what
// the round-trip time has grown by beyond its usual jitter. A queue is a better sign
// than losses, which a radio link has without being full, and better than rates,
// which fall by themselves when the picture stands still.
//
// The link counts as congested when frames were dropped for want of room, when the
// queue has risen twice in a row to more than 200 ms, or when the backlog has stood
// above 200 ms for a second without falling, or the queue there has crept up by 150
// ms in three. A keyframe is a queue too, but one that falls again at once: the
// peaks that went away by themselves are remembered, and a rise must be half as high
// again as those. A rate that is still growing, as behind a still picture or in
// TCP's slow start, is no limit yet.
//
// # Down
//
// While something waits, what goes out is what the link carries: the knee. It is the
// rate sent, once a whole second has been backlogged. Before that it is the lowest
// of the rate sent, the socket's delivery rate and what the growth of the backlog
// gives away at once (one that grows by half a second in a second says that half of
// the input gets through), the latter two down to half of the first. A round-trip
// time that grows without a backlog is measured once: after that the rate sent is
// the encoder's. The target becomes 90 % of the knee, less the room that the backlog
// needs to drain, down to 50 % behind 1.6 s of it, less the sound. So it depends
// upon the link and not on the target before: an encoder that follows late or never
// is not driven down further and further.
//
// When nothing moves at all, no rate can be measured. The target is halved once, and
// what happens when bytes move again decides.
//
// # Up
//
// When the queue has been gone for a second, the backlog needs no room any more and
// the target returns to 90 % of the knee; to 90 % of the rate before where it was
// over before a whole second had been measured, and to all of it after a mere
// outage. There it is held for 5 s, twice as long after each probe that met the same
// knee again, 80 s at most, as TCP's CUBIC plateaus where it lost. Then it probes, a
// step every 3 s: 5 % up to the knee and a little beyond, growing to 25 % where the
// knee is left behind, because the link has changed then. Where nothing shows that
// the link carries the target, since the encoder delivers much less and the socket
// has seen no such rate, a step takes four times as long.
//
// A lost connection by itself says nothing of rates. One that broke under congestion
// halves the target once.
package advice
