package publish_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"rtmpwriter/rtmp/rtmptest"
)

// enemy sends bytes where a server would answer.
type enemy struct {
	what, words string
	bytes       []byte
}

// announced is a chunk header of type 0 with so many bytes behind it.
func announced(csid byte, length, bytes int) []byte {
	b := []byte{csid, 0, 0, 0, byte(length >> 16), byte(length >> 8), byte(length), 20, 0, 0, 0, 0}
	return append(b, make([]byte, bytes)...)
}

// manyStreams opens a chunk stream with every ID of two bytes.
func manyStreams() (b []byte) {
	for id := range 200 {
		b = append(b, 0, byte(id), 0, 0, 0, 0, 0, 200, 20, 0, 0, 0, 0)
		b = append(b, make([]byte, 128)...)
	}
	return b
}

// manyBytes begins messages of a megabyte on sixty chunk streams.
func manyBytes() []byte {
	const size = 60_000
	b := sayControl(1, size)
	for id := byte(3); id < 63; id++ {
		b = append(b, announced(id, 1<<20, size)...)
	}
	return b
}

// sayControl is a control message of one number.
func sayControl(kind byte, n uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{2, 0, 0, 0, 0, 0, 4, kind, 0, 0, 0, 0}, n)
}

func enemies() []enemy {
	within := append(announced(3, 1000, 128), announced(3, 10, 10)...)
	return []enemy{
		{"a message of 16 MiB is announced", "more than 1048576", announced(3, 0xFFFFFF, 1000)},
		{"many chunk streams are opened at once", "more than 64 chunk streams", manyStreams()},
		{"many messages are begun and none is finished", "bytes of unfinished messages", manyBytes()},
		{"Set Chunk Size 0", "chunk size 0", sayControl(1, 0)},
		{"Set Chunk Size 2^31", "chunk size 2147483648", sayControl(1, 1<<31)},
		{"a control message that is too short", "with 2 bytes, not 4", []byte{2, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 1}},
		{"a message begins within another", "begins a message within another", within},
		{"a chunk continues what never began", "begins with a chunk of type 3", []byte{0xc7, 1, 2, 3}},
	}
}

// blast sends bytes, and marks the moment.
func blast(b []byte) rtmptest.Handler {
	return func(s *rtmptest.Session, _ rtmptest.Message) {
		s.Mark()
		s.SendBytes(b)
	}
}

// noise are random bytes.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 9))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func enemyFaults() (all []fault) {
	strangers := []harm{}
	for name, answer := range map[string][]byte{"HTTP": []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), "TLS": {0x15, 3, 1, 0, 2, 2, 70}, "noise": {0, 1, 2}} {
		strangers = append(strangers, harm{name: name, script: onStep("handshake", blast(answer))})
	}
	all = append(all, fault{what: "something else answers: a web server, TLS, noise", error: "protocol", words: "not an RTMP server", within: time.Second, final: true, harms: strangers})
	for _, e := range enemies() {
		f := fault{what: e.what, error: "protocol", words: e.words, within: time.Second, final: true}
		for _, step := range answeredSteps[1:] {
			f.harms = append(f.harms, harm{name: step, script: onStep(step, blast(e.bytes))})
		}
		all = append(all, f)
	}
	random := fault{what: "random bytes at any step", error: "broken", within: 3 * time.Second}
	for seed := range uint64(12) {
		for _, step := range loginSteps {
			random.harms = append(random.harms, harm{name: fmt.Sprintf("%d at %s", seed, step), script: onStep(step, blast(noise(seed, 5000)))})
		}
	}
	return append(all, random)
}
