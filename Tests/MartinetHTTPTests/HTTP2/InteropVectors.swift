/// Field blocks and connections written by other implementations: the Python packages hpack 4.2.0 and h2 4.4.1, with random
/// fields, table sizes and Huffman on and off.
enum InteropVectors {
    struct Block: Sendable {
        let block: String
        let fields: [String]
    }

    /// One connection's blocks; the table is 4,096 bytes at first, and changes on the way.
    static let blocks: [Block] = [
        Block(
            block: """
                61045c7b7d7e7a08613d623b20633d64bf400c782d726571756573742d6964086e6f2d6361636865
                """,
            fields: ["date: \\{}~", "user-agent: a=b; c=d", "date: \\{}~", "x-request-id: no-cache"]),
        Block(
            block: """
                5f896a57c821ba5086407f768825b650c3cbb6b83f
                """,
            fields: ["content-type: 4f9c2a7e11d0", "server: curl/8.5.0"]),
        Block(
            block: """
                7a86a47624d5153f1f1286a8eb10649cbf60861c11fda848244086f2b26735537f96d07abe941054d444a8200595040b8166
                e082a62d1bff
                """,
            fields: [
                "user-agent: martinet", "!date: no-cache", "cookie: a=b; c=d", "x-thing: Mon, 21 Oct 2013 20:13:21 GMT",
            ]),
        Block(
            block: """
                6108613d623b20633d647f0018746578742f68746d6c3b20636861727365743d7574662d38
                """,
            fields: ["date: a=b; c=d", "x-thing: text/html; charset=utf-8"]),
        Block(
            block: """
                915f8b90ab5ec7f5217efb4005df60896a57c821ba5086407f5f8825b650c3cbb6b83f
                """,
            fields: [
                "accept-language: ", "content-type: de-CH,de;q=0.9", "cookie: 4f9c2a7e11d0", "content-type: curl/8.5.0",
            ]),
        Block(
            block: """
                c07692497ca589d34d1f6a1271d882a60b532acf7f7688fffe1fffbffdffefbb
                """,
            fields: ["content-type: de-CH,de;q=0.9", "server: text/html; charset=utf-8", "server: \\{}~", "vary: "]),
        Block(
            block: """
                600e64652d43482c64653b713d302e391f021d4d6f6e2c203231204f637420323031332032303a31333a323120474d541f2c
                086e6f2d63616368651f1018746578742f68746d6c3b20636861727365743d7574662d387f05086d617274696e657460045c
                7b7d7e
                """,
            fields: [
                "cookie: de-CH,de;q=0.9", "!accept-language: Mon, 21 Oct 2013 20:13:21 GMT", "!vary: no-cache",
                "!content-type: text/html; charset=utf-8", "x-thing: martinet", "cookie: \\{}~",
            ]),
        Block(
            block: """
                7f0e809f6092497ca589d34d1f6a1271d882a60b532acf7f7a8b90ab5ec7f5217efb4005df76861c11fda848241f2b8825b6
                50c3cbb6b83f
                """,
            fields: [
                "x-request-id: ", "content-type: ", "cookie: text/html; charset=utf-8", "user-agent: de-CH,de;q=0.9",
                "server: a=b; c=d", "!user-agent: curl/8.5.0",
            ]),
        Block(
            block: """
                3fa9016088fffe1fffbffdffef7a96d07abe941054d444a8200595040b8166e082a62d1bff
                """,
            fields: ["cookie: \\{}~", "user-agent: Mon, 21 Oct 2013 20:13:21 GMT"]),
        Block(
            block: """
                1f10086e6f2d63616368651f2b08613d623b20633d64581d4d6f6e2c203231204f637420323031332032303a31333a323120
                474d54400c782d726571756573742d69640a6375726c2f382e352e30
                """,
            fields: [
                "!content-type: no-cache", "!user-agent: a=b; c=d", "cache-control: Mon, 21 Oct 2013 20:13:21 GMT",
                "x-request-id: curl/8.5.0",
            ]),
        Block(
            block: """
                7e807e8b90ab5ec7f5217efb4005df7a861c11fda848247f00896a57c821ba5086407f7b88fffe1fffbffdffef
                """,
            fields: [
                "x-request-id: ", "x-request-id: de-CH,de;q=0.9", "user-agent: a=b; c=d", "x-request-id: 4f9c2a7e11d0",
                "vary: \\{}~",
            ]),
        Block(
            block: """
                1f2786a8eb10649cbf618b90ab5ec7f5217efb4005df7b8b90ab5ec7f5217efb4005df7a88fffe1fffbffdffef
                """,
            fields: ["!server: no-cache", "date: de-CH,de;q=0.9", "vary: de-CH,de;q=0.9", "user-agent: \\{}~"]),
        Block(
            block: """
                5f086d617274696e6574610a6375726c2f382e352e30
                """,
            fields: ["content-type: martinet", "date: curl/8.5.0"]),
        Block(
            block: """
                60861c11fda848245f8b90ab5ec7f5217efb4005df1f1192497ca589d34d1f6a1271d882a60b532acf7f
                """,
            fields: ["cookie: a=b; c=d", "content-type: de-CH,de;q=0.9", "!cookie: text/html; charset=utf-8"]),
        Block(
            block: """
                203fe10758896a57c821ba5086407f4089f2b585ed6950958d2786a8eb10649cbf4086f2b26735537f96d07abe941054d444
                a8200595040b8166e082a62d1bff
                """,
            fields: ["cache-control: 4f9c2a7e11d0", "x-request-id: no-cache", "x-thing: Mon, 21 Oct 2013 20:13:21 GMT"]),
        Block(
            block: """
                610a6375726c2f382e352e307a18746578742f68746d6c3b20636861727365743d7574662d38c07618746578742f68746d6c
                3b20636861727365743d7574662d381f10045c7b7d7e1f021d4d6f6e2c203231204f637420323031332032303a31333a3231
                20474d54
                """,
            fields: [
                "date: curl/8.5.0", "user-agent: text/html; charset=utf-8", "x-thing: Mon, 21 Oct 2013 20:13:21 GMT",
                "server: text/html; charset=utf-8", "!content-type: \\{}~",
                "!accept-language: Mon, 21 Oct 2013 20:13:21 GMT",
            ]),
        Block(
            block: """
                5f88fffe1fffbffdffef
                """,
            fields: ["content-type: \\{}~"]),
        Block(
            block: """
                7686a47624d5153f1f0996d07abe941054d444a8200595040b8166e082a62d1bff7f0486a8eb10649cbf7b92497ca589d34d
                1f6a1271d882a60b532acf7fc3bb
                """,
            fields: [
                "server: martinet", "!cache-control: Mon, 21 Oct 2013 20:13:21 GMT", "x-thing: no-cache",
                "vary: text/html; charset=utf-8", "user-agent: text/html; charset=utf-8", "vary: ",
            ]),
        Block(
            block: """
                1f10086e6f2d63616368655f0e64652d43482c64653b713d302e39987a045c7b7d7e61086e6f2d6361636865
                """,
            fields: [
                "!content-type: no-cache", "content-type: de-CH,de;q=0.9", "cache-control: ", "user-agent: \\{}~",
                "date: no-cache",
            ]),
        Block(
            block: """
                768b90ab5ec7f5217efb4005df7f0492497ca589d34d1f6a1271d882a60b532acf7fc67e8b90ab5ec7f5217efb4005df1f09
                8b90ab5ec7f5217efb4005df
                """,
            fields: [
                "server: de-CH,de;q=0.9", "x-thing: text/html; charset=utf-8", "content-type: \\{}~",
                "x-thing: de-CH,de;q=0.9", "!cache-control: de-CH,de;q=0.9",
            ]),
        Block(
            block: """
                60896a57c821ba5086407f5888fffe1fffbffdffef6096d07abe941054d444a8200595040b8166e082a62d1bff51861c11fd
                a8482460861c11fda84824
                """,
            fields: [
                "cookie: 4f9c2a7e11d0", "cache-control: \\{}~", "cookie: Mon, 21 Oct 2013 20:13:21 GMT",
                "accept-language: a=b; c=d", "cookie: a=b; c=d",
            ]),
        Block(
            block: """
                1f0908613d623b20633d647f041d4d6f6e2c203231204f637420323031332032303a31333a323120474d5476086e6f2d6361
                6368651f02086d617274696e6574c5
                """,
            fields: [
                "!cache-control: a=b; c=d", "x-thing: Mon, 21 Oct 2013 20:13:21 GMT", "server: no-cache",
                "!accept-language: martinet", "x-thing: de-CH,de;q=0.9",
            ]),
        Block(
            block: """
                7b896a57c821ba5086407f588825b650c3cbb6b83f5f92497ca589d34d1f6a1271d882a60b532acf7f7a92497ca589d34d1f
                6a1271d882a60b532acf7f
                """,
            fields: [
                "vary: 4f9c2a7e11d0", "cache-control: curl/8.5.0", "content-type: text/html; charset=utf-8",
                "user-agent: text/html; charset=utf-8",
            ]),
        Block(
            block: """
                7a96d07abe941054d444a8200595040b8166e082a62d1bffbf7b88fffe1fffbffdffef
                """,
            fields: [
                "user-agent: Mon, 21 Oct 2013 20:13:21 GMT", "user-agent: text/html; charset=utf-8", "vary: \\{}~",
            ]),
    ]

    /// A client: four requests with priority, padding, trailers, CONTINUATION frames and a reset.
    static let client: [(bytes: String, times: Int)] = [
        (
            """
            505249202a20485454502f322e300d0a0d0a534d0d0a0d0a00002a04000000000000010000100000020000000100040000ff
            ff0005000040000008000000000003000000640006000100000000240125000000010000000006828741841ae92a13448663
            cff9ea0f7f7a829c5f1f11821c011f11838e017f00001a0104000000038387c0448562dae838e4bf4082497f864d833505b1
            1f5c82083f00000f0008000000030968656c6c6f000000000000000000000008060000000000313233343536373800000408
            0000000003000003e8000005000000000003776f726c6400000e010500000003408a21ea496a4ad21a62a13f81f300400001
            01000000058287c4844086f2b503b262ffffb99002
            """, 1
        ),
        ("efdfbf7efdfbf7", 2338),
        ("efdf004000090000000005", 1),
        ("bf7efdfbf7efdf", 2340),
        ("bf7efdfb0008c8090400000005", 1),
        ("f7efdfbf7efdfb", 321),
        (
            """
            f700000e010400000007828741841ae92a1344846263d45f00000403000000000700000008
            """, 1
        ),
    ]

    /// Checksums of what our server answers to that client, and of what our client asks, as h2 4.4.1 read them without an error and
    /// with every field and byte in its place.
    static let serverSum: UInt64 = 8_485_687_942_153_545_034
    static let clientSum: UInt64 = 17_231_121_027_298_974_265
}
