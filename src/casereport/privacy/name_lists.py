"""Frequent names of persons, of many countries: what tells a name from two other words with a capital.

Family names that are words of English (Long, Song, He) and given names that are (May, Rose, Will) are left out.
"""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Family names of one syllable that come first, before a given name in Pinyin or another romanisation.
FAMILY_FIRST = _words(
    "Bai Cai Cao Chen Cheng Cui Deng Dong Duan Fang Feng Gao Guo Hou Huang Jiang Jia Kong Liang Liao Lin Liu",
    "Luo Meng Peng Qian Qin Qiu Shao Shen Shi Sun Tian Wang Wei Xia Xiao Xie Xiong Xue Yan Yang Yuan Zhang Zhao",
    "Zheng Zhong Zhou Zhu Zou Li Lu Ma Wu Xu Yu Zeng Hu Gu Su Ye Nguyen Tran Kim Park Tanaka Suzuki Sato",
    "Watanabe Yamamoto",
)
FAMILY = FAMILY_FIRST | _words(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Davis Robinson Wright Thompson Evans Roberts Miller",
    "Anderson Thomas Jackson Garcia Martinez Rodriguez Hernandez Lopez Gonzalez Perez Sanchez Ramirez Torres Flores",
    "Rivera Gomez Diaz Reyes Cruz Morales Ortiz Gutierrez Chavez Ramos Ruiz Alvarez Mendoza Vasquez Castillo Jimenez",
    "Moreno Romero Herrera Medina Aguilar Fernandez Fernández García Martínez Rodríguez Hernández López González Pérez",
    "Sánchez Ramírez Gómez Díaz Müller Mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann",
    "Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Krüger Hofmann Hartmann Lange Krause",
    "Martin Bernard Dubois Durand Moreau Laurent Simon Michel Lefebvre Leroy Roux Bertrand Morel Fournier Girard",
    "Bonnet Dupont Lambert Fontaine Rousseau Blanc Garnier Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci",
    "Marino Greco Conti Costa Giordano Rizzo Lombardi Silva Santos Oliveira Souza Pereira Lima Carvalho Ferreira",
    "Ribeiro Almeida Kowalski Kowalska Nowak Wisniewski Wojcik Kaminski Lewandowski Zielinski Ivanov Ivanova Petrov",
    "Petrova Sidorov Smirnov Popov Volkov Kuznetsov Singh Kumar Sharma Patel Gupta Khan Iyer Reddy Nair Rao Das Mehta",
    "Joshi Verma Mishra Chowdhury Rahman Hossain Ahmed Hussain Malik Ali Hassan Ibrahim Yilmaz Kaya Demir Çelik",
    "Okafor Okonkwo Adeyemi Adebayo Eze Mensah Osei Nkosi Dlamini Mbeki Johansson Andersson Karlsson Nilsson Eriksson",
    "Larsson Olsson Persson Svensson Hansen Olsen Larsen Andersen Pedersen Nielsen Jensen Christensen Korhonen",
    "Virtanen",
    "Jansen Janssen Visser Bakker Peeters Papadopoulos Nagy Horvath Kovacs Novak Popescu Murphy Kelly O'Connor O'Brien",
    "Walsh Ryan McCarthy Campbell Stewart Robertson MacDonald Ito Nakamura Kobayashi Kato Yoshida Yamada Sasaki Choi",
    "Jung Pham Hoang Huynh Tran Le Santoso Wijaya Cohen Levy Mizrahi Peretz Friedman",
)
GIVEN = _words(
    "Aisha Ahmed Alejandro Alice Amanda Andrea Andreas Andrew Angela Anna Anthony Antonio Barbara Benjamin",
    "Brian Carlos Carmen Catherine Charlotte Christine Christopher Claudia Daniel David Deborah Donna Dorothy",
    "Edward Elena Elizabeth Emily Emma Eric Fatima Fernando Francisco Gabriel George Giovanni Giulia Hannah",
    "Hans Heather Helen Hiroshi Ibrahim Isabel Ivan James Jane Jason Javier Jean Jennifer Jessica Johann John",
    "Jonathan Jorge Jose Joseph Juan Juergen Julia Karen Karl Katharina Katherine Kevin Klaus Laura Linda Lisa",
    "Lucas Luis Luigi Manuel Marco Margaret Maria Marie Mario Martin Mary Matthew Melissa Michael Michelle",
    "Miguel Mohamed Mohammed Muhammad Nancy Natalia Nicholas Nicole Olga Olivia Pablo Patricia Paul Pedro Peter",
    "Philip Pierre Priya Rachel Rajesh Rebecca Ricardo Richard Robert Ronald Ryan Samuel Sandra Sarah Scott",
    "Sergio Sharon Sofia Sophie Stefan Stephanie Stephen Steven Susan Takashi Thomas Timothy Ursula Vladimir",
    "William Wolfgang Yusuf",
)  # of these a file's name is searched too, where no sentence says what a word is
GIVEN_IN_PROSE = GIVEN | _words(
    "Aaron Abdul Abdullah Abigail Adam Adrian Agnes Alan Albert Alberto Alexander Alexandra Alfred Ali Alina Amir Amy",
    "Ana Anastasia Anita Anne Annika Arjun Arthur Astrid Barry Beatriz Bernd Bernard Birgit Bjorn Bogdan Brenda",
    "Bruno Camille Carl Carla Carolina Caroline Cecilia Charles Chiara Chloe Christian Christina Clara Claire Colin",
    "Cristina Daniela Daniele Davide Deepak Denis Diana Diego Dieter Dmitri Dmitry Dorota Douglas Eduardo Eleanor Ella",
    "Ellen Emil Emilia Enrique Erik Erika Eva Evelyn Farah Federico Felix Fiona Florian Francesca Francesco Frank",
    "Franz Fred Frederik Friedrich Gareth Gerald Gerard Giuseppe Gloria Gordon Graham Greta Guillaume Gunther Gustavo",
    "Hamid Harold Harry Hassan Heike Heinrich Helga Helmut Henrik Henry Herbert Hugo Ian Ingrid Irina Isabella Jack",
    "Jacob Jakob Jacques Janet Jeffrey Joan Joanna Joao Johanna Johannes Jose José Josef Joshua Juana Julian Juliette",
    "Jürgen Kamala Katarzyna Kate Kathleen Keith Kenneth Kenji Kerstin Khalid Krzysztof Lars Laszlo Lena Leon Leonardo",
    "Liam Lorenzo Louis Louise Lucia Lucía Lukas Magdalena Malik Manfred Marek Margherita Mariam Marina Markus Marta",
    "Mateo Matteo Mathieu Mehmet Mia Mikael Mikhail Min-jun Miriam Monica Monika Mustafa Nadia Naomi Nathan Neil",
    "Nikolai",
    "Nina Noah Nora Norbert Omar Oluwaseun Oscar Oskar Osman Otto Paolo Patrick Pauline Petra Pilar Piotr Rafael Rahul",
    "Raj Ramesh Raquel Raymond Regina Renate Roberto Roger Roland Rosa Roberta Ruth Sabine Salma Sally Samira Sanjay",
    "Sara Sebastian Sergei Shirley Sigrid Silvia Simone Sonja Stefano Sunita Susanne Suresh Svetlana Sven Sylvia",
    "Tatiana Teresa Theodore Thierry Tobias Tomas Tomasz Tommy Tony Ulrike Uwe Valentina Valeria Vera Veronica Vijay",
    "Viktor Victoria Vincent Vincenzo Virginia Walter Werner Xavier Yasmin Yuki Yusuke Yves Zainab Zoe",
)
