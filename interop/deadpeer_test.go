package interop

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/server"
	"rtmpwriter/rtmp"
)

const (
	// peerTimeout is what the publishers under test have, peerBound how long
	// after the network died they may live: probes are counted in seconds.
	peerTimeout = 2 * time.Second
	peerBound   = 4 * time.Second
	// peerRole tells a copy of this program that it is one of the two ends.
	peerRole = "RTMPWRITER_TEST_PEER"
	// peerHere and peerThere are the ends of the cable, in namespaces where
	// nobody else is.
	peerHere, peerThere = "192.0.2.1", "192.0.2.2"
	// audioEvery is an AAC frame's time at 48 kHz.
	audioEvery = 1024 * time.Second / 48000
)

// TestPeerTimeout publishes through a cable between two network namespaces, and
// then lets every packet of the server's fall into a hole. A publisher that
// sends little, and never fills the socket's buffer, notices as well as one that
// sends nothing.
func TestPeerTimeout(t *testing.T) {
	if !has(t, server.Installed("ip", "nsenter")()) {
		return
	}
	here, there, err := cable(t)
	if err != nil { // a right that is missing, unlike a tool, can't be installed
		lack(t, err)
		return
	}
	lines, _ := inNamespace(t, there, "server")
	require.Equal(t, "listening", <-lines)
	audio, audioEnded := inNamespace(t, here, "audio")
	idle, idleEnded := inNamespace(t, here, "idle")
	require.Equal(t, "publishing", <-audio)
	require.Equal(t, "publishing", <-idle)

	cut := time.Now()
	require.NoError(t, there.ip("route", "add", "blackhole", peerHere+"/32"))
	for _, ended := range []<-chan struct{}{audioEnded, idleEnded} {
		select {
		case <-ended:
		case <-time.After(time.Until(cut.Add(peerBound))):
			require.Fail(t, "a publisher has not noticed", "%v after its server died", peerBound)
		}
	}
	require.GreaterOrEqual(t, time.Since(cut), peerTimeout-time.Second, "not before its time")
	for _, lines := range []<-chan string{audio, idle} {
		require.Contains(t, <-lines, "the server has not acknowledged anything for 2s (peer-timeout)")
		require.Equal(t, "retryable", <-lines)
	}
}

// namespace is a network namespace, held by a process that does nothing else.
// One with a name would need a mount, which not every machine allows.
type namespace struct{ pid int }

// enter makes a command of a program that runs in the namespace.
func (n namespace) enter(ctx context.Context, program string, args ...string) *exec.Cmd {
	net := fmt.Sprintf("--net=/proc/%d/ns/net", n.pid)
	return exec.CommandContext(ctx, "nsenter", append([]string{net, program}, args...)...)
}

// ip configures the namespace's network.
func (n namespace) ip(args ...string) error {
	said, err := n.enter(context.Background(), "ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(said)))
	}
	return nil
}

// newNamespace makes a namespace that ends with the test.
func newNamespace(t *testing.T) (namespace, error) {
	t.Helper()
	holder := exec.Command("sleep", "infinity")
	holder.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := holder.Start(); err != nil {
		return namespace{}, fmt.Errorf("network namespaces can't be made (as root they can): %w", err)
	}
	t.Cleanup(func() {
		_ = holder.Process.Kill()
		_ = holder.Wait()
	})
	return namespace{holder.Process.Pid}, nil
}

// cable makes two network namespaces, joined by a pair of virtual devices. The
// error tells that this machine does not allow it.
func cable(t *testing.T) (here, there namespace, err error) {
	t.Helper()
	if here, err = newNamespace(t); err != nil {
		return here, there, err
	}
	if there, err = newNamespace(t); err != nil {
		return here, there, err
	}
	for _, step := range []struct {
		in   namespace
		args []string
	}{
		{here, []string{"link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", strconv.Itoa(there.pid)}},
		{here, []string{"address", "add", peerHere + "/30", "dev", "cable"}},
		{there, []string{"address", "add", peerThere + "/30", "dev", "cable"}},
		{here, []string{"link", "set", "cable", "up"}},
		{there, []string{"link", "set", "cable", "up"}},
		{there, []string{"link", "set", "lo", "up"}},
	} {
		if err := step.in.ip(step.args...); err != nil {
			return here, there, fmt.Errorf("virtual network devices can't be made: %w", err)
		}
	}
	return here, there, nil
}

// inNamespace runs a copy of this program as one of the ends. It returns what
// it says, line by line, and its end.
func inNamespace(t *testing.T, in namespace, role string) (lines <-chan string, ended <-chan struct{}) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cmd := in.enter(ctx, self)
	cmd.Env = append(os.Environ(), peerRole+"="+role)
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said, done := make(chan string, 16), make(chan struct{})
	go func() { // ends with the program
		defer close(done)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			said <- scanner.Text()
		}
		close(said)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() { cancel(); <-done })
	return said, done
}

// beThePeer is the whole of a copy of this program that is one of the ends.
func beThePeer(role string) (code int) {
	var err error
	if role == "server" {
		err = serveThere()
	} else {
		err = publishUntilTheEnd(role == "audio")
	}
	fmt.Println(err)
	if rtmp.Retryable(err) {
		fmt.Println("retryable")
	}
	return 0
}

// serveThere takes connections for the in-process server, so that it is reached
// from outside its namespace.
func serveThere() error {
	dir, err := os.MkdirTemp("", "rtmpwriter-peer-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := server.Inprocess(context.Background(), dir)
	if err != nil {
		return err
	}
	defer s.Close()
	reception, err := s.Expect(context.Background(), "key")
	if err != nil {
		return err
	}
	u, err := rtmp.ParseURL(reception.URL, "")
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", peerThere+":1935")
	if err != nil {
		return err
	}
	fmt.Println("listening")
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		inside, err := net.Dial("tcp", u.Addr())
		if err != nil {
			return err
		}
		go func() { _, _ = io.Copy(inside, conn) }()
		go func() { _, _ = io.Copy(conn, inside) }()
	}
}

// publishUntilTheEnd publishes little audio, or nothing, and returns why the
// session has ended.
func publishUntilTheEnd(audio bool) error {
	u, err := rtmp.ParseURL(fmt.Sprintf("rtmp://%s/live/key%t", peerThere, audio), "")
	if err != nil {
		return err
	}
	c, err := rtmp.Dial(context.Background(), u, rtmp.Config{PeerTimeout: peerTimeout, SendTimeout: time.Minute})
	if err != nil {
		return err
	}
	fmt.Println("publishing")
	ticker := time.NewTicker(audioEvery)
	defer ticker.Stop()
	m := &rtmp.Message{Type: rtmp.TypeAudio, HeaderLen: 2, Payload: [][]byte{make([]byte, 100)}}
	m.Header[0], m.Header[1] = 0xaf, 1
	for begun := time.Now(); ; {
		select {
		case <-c.Done():
			return c.Err()
		case <-ticker.C:
		}
		if !audio {
			continue
		}
		m.Timestamp = uint32(time.Since(begun).Milliseconds())
		if err := c.Append(m); err != nil {
			return c.Err()
		}
		if err := c.Flush(); err != nil {
			return c.Err()
		}
	}
}
