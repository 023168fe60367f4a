package publish_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"rtmpwriter/rtmp/rtmptest"
)

// single reads and writes single bytes.
type single struct{ net.Conn }

func (c single) Read(b []byte) (int, error) { return c.Conn.Read(b[:min(len(b), 1)]) }

func (c single) Write(b []byte) (n int, err error) {
	for i := range b {
		if _, err := c.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

func (c single) CloseWrite() error { return c.Conn.(interface{ CloseWrite() error }).CloseWrite() }

// delays is a distance that varies: what is drawn is the same in every run.
func delays(seed uint64, d func(*rand.Rand) time.Duration) func() time.Duration {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 2))
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return d(r)
	}
}

// steady does h at every step of connecting before its answer, and at some frames.
func steady(name string, h rtmptest.Handler) (all []harm) {
	for _, step := range answeredSteps[1:] {
		all = append(all, harm{name: name + " at " + step, script: onStep(step, rtmptest.Then(h, rtmptest.Default()))})
	}
	return append(all, harm{name: name + " at pictures", script: rtmptest.Script{Message: func(s *rtmptest.Session, m rtmptest.Message) {
		if m.Type == 9 && m.Timestamp%1000 == 0 {
			h(s, m)
		}
	}}})
}

// flood sends a message n times at once.
func flood(n int, m rtmptest.Message) rtmptest.Handler {
	all := make([]rtmptest.Message, n)
	for i := range all {
		all[i] = m
	}
	return rtmptest.Say(all...)
}

// command is an AMF0 command of the server's that nobody waits for, made by hand.
func command(value []byte) rtmptest.Message {
	body := append([]byte{2, 0, 3, 'o', 'd', 'd', 0, 0, 0, 0, 0, 0, 0, 0, 0}, value...)
	return rtmptest.Message{CSID: 3, Type: 20, Body: body}
}

// deep nests objects; huge counts more than there is.
var (
	deep = command(bytes.Repeat([]byte{3, 0, 1, 'a'}, 50_000))
	huge = []rtmptest.Message{
		command([]byte{8, 0xff, 0xff, 0xff, 0xff}),            // an ECMA array
		command([]byte{10, 0xff, 0xff, 0xff, 0xff, 5}),        // a strict array
		command([]byte{12, 0xff, 0xff, 0xff, 0xff, 'x'}),      // a long string
		command(bytes.Repeat([]byte{10, 0, 0, 0, 1}, 10_000)), // arrays in arrays
	}
)

func control(kind uint8, n uint32) rtmptest.Message {
	return rtmptest.Message{CSID: 2, Type: kind, Body: binary.BigEndian.AppendUint32(nil, n)}
}

// strangeTypes are messages of types that are not for a publisher, and of random
// contents.
func strangeTypes(seed uint64) rtmptest.Handler {
	r := rand.New(rand.NewPCG(seed, 4))
	var all []rtmptest.Message
	for range 200 {
		kind := uint8(r.Uint32())
		if kind == 1 || kind == 2 || kind == 20 && seed%2 == 0 { // these mean something
			continue
		}
		all = append(all, rtmptest.Message{CSID: 4 + r.Uint32N(20), Type: kind, Timestamp: r.Uint32(), StreamID: r.Uint32(), Body: noise(r.Uint64(), r.IntN(300))})
	}
	return rtmptest.Say(all...)
}

func harmless() []fault {
	far := func(name string, seed uint64, d func(*rand.Rand) time.Duration) harm {
		return harm{name: name, script: rtmptest.Script{Delay: delays(seed, d), AckEvery: 2000}}
	}
	var windows, aborts []harm
	for _, n := range []uint32{0, 1, 1 << 31, 1<<32 - 1} {
		windows = append(windows, steady(fmt.Sprint("window ", n), rtmptest.Say(rtmptest.WindowAckSize(n), rtmptest.SetPeerBandwidth(n)))...)
		aborts = append(aborts, steady(fmt.Sprint("abort ", n), rtmptest.Say(control(2, n)))...)
	}
	var amf, strange []harm
	amf = append(amf, steady("deep", rtmptest.Say(deep))...)
	for i, m := range huge {
		amf = append(amf, steady(fmt.Sprint("huge ", i), rtmptest.Say(m))...)
	}
	for seed := range uint64(6) {
		strange = append(strange, steady(fmt.Sprint("strange ", seed), strangeTypes(seed))...)
	}
	small := func(s *rtmptest.Session, _ rtmptest.Message) { s.Send(rtmptest.SetChunkSize(1)) }
	return []fault{
		{what: "a round trip of 600 ms, and jitter of 200 ms", harms: []harm{
			far("latency", 1, func(*rand.Rand) time.Duration { return 300 * ms }),
			far("jitter", 2, func(r *rand.Rand) time.Duration { return time.Duration(r.IntN(200)) * ms }),
		}},
		{what: "loss as TCP shows it: what comes waits for what was sent again, up to 800 ms", harms: []harm{
			far("loss", 3, func(r *rand.Rand) time.Duration {
				if r.IntN(20) == 0 {
					return 800 * ms
				}
				return 20 * ms
			}),
		}},
		{what: "single bytes in every read and write, both ways", harms: []harm{
			{name: "", script: rtmptest.Script{WriteSize: 1, ReadSize: 1, AckEvery: 500}, wrap: func(c net.Conn, _ *rtmptest.Session) net.Conn { return single{c} }},
		}},
		{what: "floods of 5000 pings, and of acknowledgements", harms: append(
			steady("pings", flood(5_000, rtmptest.PingRequest(7))), steady("acknowledgements", flood(5_000, rtmptest.Acknowledgement(3000)))...)},
		{what: "Window Acknowledgement Size and Set Peer Bandwidth of 0, 1, 2^31 and 2^32-1", harms: windows},
		{what: "Abort of chunk streams that are and that are not", harms: aborts},
		{what: "Set Chunk Size 1", harms: steady("small", small)},
		{what: "AMF0 nested 50000 deep, and counts and lengths of 2^32-1", harms: amf},
		{what: "messages of unknown types and of random contents", harms: strange},
		{what: "no answer to releaseStream and FCPublish", harms: []harm{
			{name: "", script: rtmptest.Script{On: map[string]rtmptest.Handler{"releaseStream": rtmptest.Silent(), "FCPublish": rtmptest.Silent()}}},
		}},
	}
}
