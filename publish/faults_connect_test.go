package publish_test

import (
	"fmt"
	"time"

	"rtmpwriter/rtmp/rtmptest"
)

// hang keeps the server busy until the connection has ended.
func hang(s *rtmptest.Session, _ rtmptest.Message) { <-s.Ended() }

func onStep(step string, h rtmptest.Handler) rtmptest.Script {
	return rtmptest.Script{On: map[string]rtmptest.Handler{step: h}}
}

// loginSteps are the moments of connecting, as a Script names them. The answers
// to some of them matter.
var (
	loginSteps    = []string{"accept", "handshake", "handshaken", "connect", "releaseStream", "FCPublish", "createStream", "publish"}
	answeredSteps = []string{"handshake", "connect", "createStream", "publish"}
)

// everywhere does h at every step before the answer, in the middle of it, and
// after it, as long as that is not the go-ahead.
func everywhere(name string, h rtmptest.Handler) (all []harm) {
	for _, step := range loginSteps {
		all = append(all, harm{name: name + " before " + step, script: onStep(step, h)})
	}
	for _, step := range answeredSteps {
		for _, n := range []int{1, -1} {
			all = append(all, harm{name: fmt.Sprintf("%s at byte %d of the answer to %s", name, n, step), script: onStep(step, rtmptest.Then(rtmptest.Part(n), h))})
		}
		if step != "publish" {
			all = append(all, harm{name: name + " after " + step, script: onStep(step, rtmptest.Then(rtmptest.Default(), h))})
		}
	}
	return all
}

// silences stop at every step whose answer matters, or in the middle of it.
func silences() (all []harm) {
	all = append(all, harm{name: "accept", script: onStep("accept", hang)})
	for _, step := range answeredSteps {
		all = append(all, harm{name: step, script: onStep(step, rtmptest.Silent())})
		for _, n := range []int{1, 20, -1} {
			all = append(all, harm{name: fmt.Sprintf("byte %d of %s", n, step), script: onStep(step, rtmptest.Part(n))})
		}
		if step != "handshake" { // where each byte is a sign of life: see drips
			all = append(all, harm{name: "drips " + step, script: onStep(step, rtmptest.Drip(1, 300*ms))})
		}
		all = append(all, harm{name: "reading, at " + step, script: onStep(step, rtmptest.Then(rtmptest.Stall(), hang))})
	}
	return all
}

// drips never end: a handshake that comes a byte at a time, and words that are no
// answers.
func drips() (all []harm) {
	all = append(all, harm{name: "handshake", script: onStep("handshake", rtmptest.Drip(1, 900*ms))})
	chatter := func(s *rtmptest.Session, m rtmptest.Message) {
		for {
			s.Send(rtmptest.OnStatus(m.StreamID, "status", "NetStream.Data.Start", "wait"))
			select {
			case <-time.After(500 * ms):
			case <-s.Ended():
				return
			}
		}
	}
	for _, step := range answeredSteps[1:] {
		all = append(all, harm{name: "onStatus at " + step, script: onStep(step, chatter)})
	}
	return all
}

// refusals are the same word at every step.
func refusals(code string) (all []harm) {
	for _, step := range answeredSteps[1:] {
		all = append(all, harm{name: step, script: onStep(step, rtmptest.Refuse(code, "no"))},
			harm{name: step + " and closes", script: onStep(step, rtmptest.Then(rtmptest.Refuse(code, "no"), rtmptest.Hangup()))})
	}
	return all
}

func connectFaults() []fault {
	return []fault{
		{what: "the server resets or closes the connection, at any step, before, within and after its answer",
			error: "lost", words: "without a word", within: time.Second, harms: append(everywhere("resets", rtmptest.Reset()), everywhere("closes", rtmptest.Hangup())...)},
		{what: "the server falls silent at any step, or gives no whole answer",
			error: "time", words: "(receive timeout)", within: 2 * time.Second, harms: silences()},
		{what: "a handshake that never ends, or words that are no answer",
			error: "time", words: "(connect timeout)", within: 10 * time.Second, harms: drips()},
		{what: "the server refuses for now (for example `NetStream.Publish.BadName`: the name is in use)",
			error: "refused", words: "the server refused: NetStream.Publish.BadName: no", within: time.Second, harms: refusals("NetStream.Publish.BadName")},
		{what: "the server refuses for good (for example `NetStream.Publish.Denied`: a wrong key)",
			error: "refused", words: "the server refused: NetStream.Publish.Denied: no", within: time.Second, final: true, harms: refusals("NetStream.Publish.Denied")},
	}
}
