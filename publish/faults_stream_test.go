package publish_test

import (
	"fmt"
	"net"
	"time"

	"rtmpwriter/rtmp/rtmptest"
)

// at does h when a message comes of that type with that time and, for pictures
// and sound, whether it is a header.
func at(kind uint8, time uint32, header bool, h rtmptest.Handler) rtmptest.Script {
	return rtmptest.Script{AckEvery: 1000, Message: func(s *rtmptest.Session, m rtmptest.Message) {
		if m.Type == kind && m.Timestamp == time && (kind == 18 || (m.Body[1] == 0) == header) {
			s.Mark()
			h(s, m)
		}
	}}
}

// corrupter turns a bit of what comes from the server, when two seconds are over.
type corrupter struct {
	net.Conn
	from    time.Time
	session *rtmptest.Session
}

func (c *corrupter) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && time.Now().After(c.from) {
		c.session.Mark()
		b[n-1] ^= 1
	}
	return n, err
}

func (c *corrupter) CloseWrite() error {
	return c.Conn.(interface{ CloseWrite() error }).CloseWrite()
}

func corrupted(c net.Conn, s *rtmptest.Session) net.Conn {
	return &corrupter{c, time.Now().Add(2 * time.Second), s}
}

// moments of publishing: metadata, headers, the first frames, and later ones.
func moments(name string, h rtmptest.Handler) []harm {
	return []harm{
		{name: name + " at onMetaData", script: at(18, 0, false, h)},
		{name: name + " at the header of the video", script: at(9, 0, true, h)},
		{name: name + " at the header of the sound", script: at(8, 0, true, h)},
		{name: name + " at the first picture", script: at(9, 0, false, h)},
		{name: name + " at the first sound", script: at(8, 0, false, h)},
		{name: name + " at a keyframe", script: at(9, 2000, false, h)},
		{name: name + " within a group of pictures", script: at(9, 2280, false, h)},
		{name: name + " at a sound", script: at(8, 2500, false, h)},
	}
}

func streamFaults() []fault {
	var broken []harm
	for _, e := range enemies() {
		broken = append(broken, harm{name: e.what, script: at(9, 2280, false, blast(e.bytes))})
	}
	stalled := moments("stops reading", rtmptest.Stall())
	for i := range stalled {
		stalled[i].script.PipeSize = 400
	}
	words := func(m rtmptest.Message) []harm { return moments(fmt.Sprint(m.Command().Args), rtmptest.Say(m)) }
	return []fault{
		{what: "the server resets or closes the connection, at any message", error: "lost", words: "the connection", within: 300 * ms,
			harms: append(moments("resets", rtmptest.Reset()), moments("closes", rtmptest.Hangup())...)},
		{what: "the server reads no more (counted from then on, with nothing but small buffers between)", error: "time", words: "the server took no data within 2s (send timeout)", within: 3500 * ms, harms: stalled},
		{what: "the server ends the stream: `NetStream.Unpublish.Success`", error: "refused", words: "the server refused: NetStream.Unpublish.Success", within: time.Second,
			harms: words(rtmptest.OnStatus(1, "status", "NetStream.Unpublish.Success", "restart"))},
		{what: "the server gives the close command", error: "refused", words: "it sent the close command", within: time.Second,
			harms: words(rtmptest.NewCommand(0, "close", 0, nil))},
		{what: "the server takes its go-ahead back: `NetStream.Publish.Denied`", error: "refused", words: "the server refused: NetStream.Publish.Denied", within: time.Second, final: true,
			harms: words(rtmptest.OnStatus(1, "error", "NetStream.Publish.Denied", "no"))},
		{what: "TLS: a bit is turned on the way", error: "record", words: "bad record MAC", within: 300 * ms, trust: stranger, harms: []harm{
			{name: "", script: rtmptest.Script{TLS: stranger.server(), AckEvery: 500}, good: rtmptest.Script{TLS: stranger.server()}, wrap: corrupted},
		}},
		{what: "the server acknowledges what was never sent, and is gone", error: "lost", words: "the connection was cut", within: 1500 * ms, harms: liars()},
		{what: "the server breaks the protocol in one of the ways above", error: "protocol", words: "the server broke the protocol", within: time.Second, harms: broken},
	}
}

// liars acknowledge more than there is while they read nothing, and then reset:
// whoever believes them loses what was under way.
func liars() (all []harm) {
	for _, n := range []uint32{20_000, 1 << 20, 1 << 30} {
		lie := func(s *rtmptest.Session, _ rtmptest.Message) {
			s.Stall()
			s.Send(rtmptest.Acknowledgement(n))
			pass(time.Second)
			s.Reset()
		}
		all = append(all, harm{name: fmt.Sprint(n), script: at(9, 2280, false, lie)})
	}
	return all
}

func endFaults() []fault {
	var cut []harm
	for _, step := range []string{"FCUnpublish", "deleteStream"} {
		cut = append(cut, harm{name: "resets at " + step, script: onStep(step, marked(rtmptest.Reset()))})
	}
	return []fault{
		{what: "the server resets the connection before it has read to the end", error: "lost", words: "the connection was cut", within: 300 * ms, harms: cut},
		{what: "the server has the end and does not close", error: "time", words: "has not closed within 3s of the end of the stream", within: 3500 * ms, over: true,
			harms: []harm{{name: "", script: onStep("end", marked(hang))}}},
		{what: "the server reads no more at the end", error: "time", words: "has not closed within 3s of the end of the stream", within: 4 * time.Second, over: true,
			harms: []harm{{name: "", script: onStep("FCUnpublish", marked(rtmptest.Then(rtmptest.Stall(), hang)))}}},
	}
}

// marked marks the moment.
func marked(h rtmptest.Handler) rtmptest.Handler {
	return func(s *rtmptest.Session, m rtmptest.Message) {
		s.Mark()
		h(s, m)
	}
}
