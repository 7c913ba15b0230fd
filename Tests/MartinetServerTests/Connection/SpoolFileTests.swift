import NIOCore
import Testing

@testable import MartinetServer

@Suite struct SpoolFileTests {
    @Test func whatWasAppendedIsRead() throws {
        let file = SpoolFile()
        #expect(file.append([ByteBuffer(string: "abc"), ByteBuffer(string: "def")]))
        #expect(file.append([ByteBuffer(string: "ghi")]))
        let whole = try #require(file.read(at: 0, length: 9))
        #expect(String(buffer: whole) == "abcdefghi")
        let part = try #require(file.read(at: 2, length: 3))
        #expect(String(buffer: part) == "cde")
    }

    @Test func nothingIsReadBeyondTheEnd() {
        let file = SpoolFile()
        #expect(file.read(at: 0, length: 1) == nil)
        #expect(file.append([ByteBuffer(string: "abc")]))
        #expect(file.read(at: 0, length: 4) == nil)
        #expect(file.read(at: 3, length: 0) == nil)
        file.close()
        #expect(file.read(at: 0, length: 3) == nil)
    }
}
