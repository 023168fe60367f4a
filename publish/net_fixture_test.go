package publish_test

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// dialed is one attempt to connect.
type dialed struct {
	addr string
	at   time.Duration // since the network was made
}

// network stands between a publisher and its servers, notes every attempt, and
// may refuse it.
type network struct {
	began time.Time
	// answer gives the connection of the n-th attempt, from 0.
	answer func(n int, addr string) (net.Conn, error)

	mu    sync.Mutex
	dials []dialed
}

func newNetwork(answer func(n int, addr string) (net.Conn, error)) *network {
	return &network{began: time.Now(), answer: answer}
}

// to leads every attempt to one server.
func to(server *rtmptest.Server) *network {
	return newNetwork(func(_ int, addr string) (net.Conn, error) { return server.Dial(context.Background(), "tcp", addr) })
}

func (n *network) dial(_ context.Context, _, addr string) (net.Conn, error) {
	n.mu.Lock()
	number := len(n.dials)
	n.dials = append(n.dials, dialed{addr, time.Since(n.began)})
	n.mu.Unlock()
	return n.answer(number, addr)
}

// attempts are the attempts so far.
func (n *network) attempts() []dialed {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]dialed(nil), n.dials...)
}

// hosts are the servers of the attempts so far.
func (n *network) hosts() (list []string) {
	for _, d := range n.attempts() {
		host, _, _ := net.SplitHostPort(d.addr)
		list = append(list, host)
	}
	return list
}

// waits are the times between the attempts.
func (n *network) waits() (list []time.Duration) {
	all := n.attempts()
	for i := range all[1:] {
		list = append(list, all[i+1].at-all[i].at)
	}
	return list
}

// startOn runs a publisher on a network.
func startOn(t *testing.T, n *network, change func(*publish.Options), tracks ...media.Track) *stream {
	t.Helper()
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+s3cret"
	if change != nil {
		change(&o)
	}
	p, err := publish.New(o, publish.WithDialer(n.dial))
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(tracks...))
	s := &stream{Publisher: p, t: t, ended: make(chan error, 1)}
	go func() { s.ended <- p.Run(t.Context()) }()
	return s
}

// states collects the changes of state until the returned function is called;
// not the one that New begins with, which a watcher may come too late for.
func (s *stream) states() (stop func() []publish.Status) {
	ctx, cancel := context.WithCancel(s.t.Context())
	var list []publish.Status
	var done sync.WaitGroup
	changes := s.Watch(ctx)
	done.Go(func() {
		for status := range changes {
			if len(list) > 0 || status.State != publish.Disconnected || status.Err != nil {
				list = append(list, status)
			}
		}
	})
	return func() []publish.Status {
		cancel()
		done.Wait()
		return list
	}
}

// camera writes video at 25 and audio at 50 frames a second, with a keyframe
// every second, in virtual time.
type camera struct {
	s      *stream
	n      int           // frames of video so far
	offset time.Duration // of the stream's time
	wrote  int           // packets
	slow   time.Duration // the longest Write
	bytes  int           // of filler in each picture
	mute   bool          // without sound
	own    bool          // notes when packets are given back, in owners
	owners []*owner
}

func (c *camera) run(d time.Duration) error {
	for end := time.Now().Add(d); time.Now().Before(end); pass(40 * ms) {
		at := c.offset + time.Duration(c.n)*40*ms
		frames := []media.Packet{
			{Track: 0, DTS: at, PTS: at, Data: c.picture()},
			{Track: 1, DTS: at, PTS: at, Data: []byte{0x21, 1}},
			{Track: 1, DTS: at + 20*ms, PTS: at + 20*ms, Data: []byte{0x21, 2}},
		}
		if c.mute {
			frames = frames[:1]
		}
		for _, p := range frames {
			if c.own {
				o := &owner{}
				p.Owner, c.owners = o, append(c.owners, o)
			}
			began := time.Now()
			if err := c.s.Write(c.s.t.Context(), p); err != nil {
				return err
			}
			c.wrote++
			c.slow = max(c.slow, time.Since(began))
		}
	}
	return nil
}

// length is how much stream it has written.
func (c *camera) length() time.Duration { return time.Duration(c.n) * 40 * ms }

// picture is the next one, with its number at the end.
func (c *camera) picture() []byte {
	tail := append(filler(c.bytes), byte(c.n), 0x80)
	c.n++
	if (c.n-1)%25 == 0 {
		return annexB(smallSPS, pps, append([]byte{0x65, 0x88}, tail...))
	}
	return annexB(append([]byte{0x41, 0x9a}, tail...))
}

// pass lets virtual time go by. A timer that is over at once must not be read in
// a bubble: two that are read in parallel crash the race detector (Go 1.26).
func pass(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

// mediaOf are the messages of a session that belong to the stream.
func mediaOf(session *rtmptest.Session) (list []rtmptest.Message) {
	for _, m := range session.Messages() {
		if m.Type == 8 || m.Type == 9 || m.Type == 18 {
			list = append(list, m)
		}
	}
	return list
}

// wellBegun requires that a session begins with metadata, headers and a
// keyframe (the very first may have audio before), that time never goes back in it, and that video has no hole.
func wellBegun(t *testing.T, list []rtmptest.Message, again bool) {
	t.Helper()
	if len(list) == 0 {
		return
	}
	require.EqualValues(t, 18, list[0].Type, "metadata first")
	// Audio that is alone at the end waits for no video.
	again = again && slices.ContainsFunc(list, func(m rtmptest.Message) bool { return m.Type == 9 })
	headers := map[uint8]bool{}
	last := map[uint8]uint32{}
	pictures, previous := 0, byte(0)
	for i, m := range list {
		if m.Type == 18 { // with the time of its frame, which may be behind one of the other track
			continue
		}
		require.GreaterOrEqual(t, m.Timestamp, last[m.Type], "message %d", i)
		last[m.Type] = m.Timestamp
		if m.Body[1] == 0 {
			headers[m.Type] = true
			continue
		}
		require.True(t, headers[m.Type], "header before the first frame")
		if m.Type != 9 {
			// Sound of the keyframe's moment may have come behind it.
			require.True(t, pictures > 0 || !again || m.Timestamp >= firstPicture(t, list), "nothing from before the keyframe")
			continue
		}
		number := m.Body[len(m.Body)-2]
		if m.Body[0]>>4 != 1 {
			require.NotZero(t, pictures, "a keyframe first")
			require.Equal(t, previous+1, number, "no hole within a group of pictures")
		}
		pictures++
		previous = number
	}
}

// total is what the statistics know of the frames.
func total(s publish.Stats) int {
	return s.AudioPacketsSent + s.VideoPacketsSent + s.FramesSkipped + s.FramesDropped + s.FramesLost +
		s.AudioPacketsBuffered + s.VideoPacketsBuffered
}

// finishOn ends the stream.
func (s *stream) finishOn() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = s.Shutdown(ctx)
	return <-s.ended
}
